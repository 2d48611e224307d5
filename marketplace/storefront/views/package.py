"""The pages of one package."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Window
from django.shortcuts import render
from django.views.decorators.http import require_safe

from installs.selectors.counts import downloads_by_version, downloads_of
from marketplace.core.errors import NotFound
from marketplace.services.viewers import viewer_from
from marketplace.storefront.findings import finding_rows
from marketplace.storefront.installing import install_box
from marketplace.storefront.selling import price_box
from marketplace.storefront.views.noting import view_note
from registry.domain.capabilities import CapabilitySet
from registry.domain.pictures import Kind
from registry.domain.states import SERVED
from registry.selectors.collections import collections_with
from registry.selectors.filters import CLIENTS
from registry.selectors.following import is_following
from registry.selectors.packages import is_maintainer, package_get, version_get, versions_of
from registry.selectors.pictures import pictures_of
from registry.services.signatures import signed_get
from reviews.selectors.posts import ratings_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.db.models import QuerySet
    from django.http import HttpRequest, HttpResponse

    from registry.models import Package, Version

VERSIONS_SHOWN = 5
COLLECTIONS_SHOWN = 3
PAGE = 50
PAGE_DIGITS = 5


@require_safe
def package(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """The listing with its newest version."""
    found = package_get(viewer_from(request), publisher, name)
    return _page(request, found, found.latest)


@require_safe
def version(request: HttpRequest, publisher: str, name: str, number: str) -> HttpResponse:
    """The listing as one version has it."""
    found = package_get(viewer_from(request), publisher, name)
    return _page(request, found, version_get(viewer_from(request), found, number))


@require_safe
def signature(request: HttpRequest, publisher: str, name: str, number: str) -> HttpResponse:
    """How to check a version's signature without this site."""
    found = package_get(viewer_from(request), publisher, name)
    shown = version_get(viewer_from(request), found, number)
    context = package_head(request, found, shown) | {"signed": signed_get(shown), "npm": settings.NPM_BASES[0]}
    return render(request, "registry/signature.html", context)


def _page(request: HttpRequest, found: Package, shown: Version | None) -> HttpResponse:
    versions = versions_of(viewer_from(request), found)
    listed = list(versions.annotate(count=Window(Count("*")))[: VERSIONS_SHOWN + 1])
    if shown is None:
        shown = next(iter(listed), None)
    head = package_head(request, found, shown, version_count=listed[0].count if listed else 0)
    if not head["is_maintainer"]:
        view_note(request, found)
    context = head | {
        "tab": "overview",
        "tested_clients": [label for client, label in CLIENTS if client in found.tested_clients],
        "versions": with_older(listed, VERSIONS_SHOWN),
        "install": install_box(request, found),
        "offer": price_box(viewer_from(request), found),
        "screenshots": list(pictures_of(found).filter(kind=Kind.SCREENSHOT)),
        "readme": shown.readme_html if shown else "",
        "downloads": downloads_of([found.pk]).get(found.pk),
        "collections": list(collections_with(found)[: COLLECTIONS_SHOWN + 1]),
        "collections_most": COLLECTIONS_SHOWN,
    }
    if shown is not None:
        context |= {
            "before": wider_than(shown, below(shown, listed, versions)),
            "scan": shown.scans.order_by("-pk").first(),
            "findings": finding_rows(shown.findings.all()[:50]),
        }
    return render(request, "registry/package.html", context)


def page_number(text: str) -> int:
    """The page that `?page=` asks for; the first for whatever is no number."""
    return max(int(text), 1) if text.isdecimal() and len(text) <= PAGE_DIGITS else 1


@require_safe
def versions(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """All versions, newest first, fifty a page."""
    found = package_get(viewer_from(request), publisher, name)
    page = page_number(request.GET.get("page", ""))
    rows = list(versions_of(viewer_from(request), found)[(page - 1) * PAGE : page * PAGE + 1])
    counts = downloads_by_version(found.pk)
    context = package_head(request, found, found.latest) | {
        "tab": "versions",
        "rows": [(row, counts.get(row.pk), older) for row, older in with_older(rows, PAGE)],
        "next_page": page + 1 if len(rows) > PAGE else None,
        "previous_page": page - 1 if page > 1 else None,
        "unpublish_hours": settings.UNPUBLISH_HOURS,
    }
    return render(request, "registry/versions.html", context)


@require_safe
def contents(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """What a client loads: skills, agents, commands, hooks, servers."""
    found = package_get(viewer_from(request), publisher, name)
    if found.latest is None:
        raise NotFound("MP3002", {"name": found.full_name})
    components = found.latest.manifest.get("components", {})
    return render(
        request,
        "registry/contents.html",
        package_head(request, found, found.latest) | {"tab": "contents"} | components,
    )


def with_older(rows: Sequence[Version], most: int) -> list[tuple[Version, Version | None]]:
    """The first `most` versions of a list that is newest first, each with the one below it."""
    return list(zip(rows, [*rows[1:], None], strict=True))[:most]


def below(shown: Version, listed: Sequence[Version], versions: QuerySet[Version]) -> list[Version]:
    """The version below the one that is shown, if there is one: out of those that were read, else asked for."""
    keys = [row.pk for row in listed]
    if shown.pk in keys and (shown.pk != keys[-1] or len(listed) <= VERSIONS_SHOWN):
        at = keys.index(shown.pk)
        return list(listed[at + 1 : at + 2])
    return list(versions.filter(sort_key__lt=shown.sort_key)[:1])


def wider_than(shown: Version, older: list[Version]) -> Version | None:
    """The version before, when `shown` asks for more than it."""
    if not older or older[0].capability_digest in {"", shown.capability_digest}:
        return None
    before, after = CapabilitySet.of_json(older[0].capabilities), CapabilitySet.of_json(shown.capabilities)
    return None if before.contains(after) else older[0]


def package_head(
    request: HttpRequest, found: Package, shown: Version | None, *, version_count: int | None = None
) -> dict[str, Any]:
    """What the header and the tabs of every page of a package need; a count that is not given is asked for."""
    if version_count is None:
        version_count = versions_of(viewer_from(request), found).count()
    components = shown.manifest.get("components", {}) if shown else {}
    return {
        "package": found,
        "version": shown,
        "is_latest": shown is not None and shown.pk == found.latest_id,
        "is_served": shown is not None and shown.state in SERVED,
        "component_count": sum(len(items) for items in components.values()),
        "version_count": version_count,
        "rating": ratings_of([found.pk]).get(found.pk),
        "is_maintainer": is_maintainer(viewer_from(request), found),
        "is_following": is_following(viewer_from(request), package=found),
    }
