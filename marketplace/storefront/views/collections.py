"""Collections as everybody sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from installs.domain.client_lines import sets
from installs.services.collections import collection_plugins
from marketplace.services.viewers import viewer_from
from marketplace.storefront.rows import rows_of
from marketplace.storefront.views.package import page_number
from registry.domain.collections import Shown, Visibility, marketplace_name, strip_together
from registry.selectors.collections import (
    collection_get,
    collections_listed,
    collections_near,
    collections_with,
    entries_of,
    may_change,
    shelves,
)
from registry.selectors.following import is_following
from registry.selectors.packages import package_get

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from registry.models import Collection

PAGE = 24


@require_safe
def collections(request: HttpRequest) -> HttpResponse:
    """The public ones, the editors' first, and the viewer's own."""
    viewer = viewer_from(request)
    page = page_number(request.GET.get("page", ""))
    listed = list(collections_listed()[(page - 1) * PAGE : page * PAGE + 1])
    mine = list(collections_near(viewer)) if page == 1 else []
    found = {shelf.collection.pk: shelf for shelf in shelves(viewer, {*listed[:PAGE], *mine})}
    context = {
        "shelves": [found[row.pk] for row in listed[:PAGE]],
        "own": [found[row.pk] for row in mine],
        "next_page": page + 1 if len(listed) > PAGE else None,
        "previous_page": page - 1 if page > 1 else None,
        "section": "collections",
    }
    return render(request, "registry/collections.html", context)


@require_safe
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """What is in it and why, and how to add it as one marketplace; raises NotFound MP3080."""
    viewer = viewer_from(request)
    found = collection_get(viewer, slug)
    entries = list(entries_of(viewer, found))
    rows = rows_of(entry.package for entry in entries)
    context = {
        "collection": found,
        "entries": [(row, entry.note) for row, entry in zip(rows, entries, strict=True)],
        "strip_together": strip_together(row.strip for row in rows),
        "tokens": sum(row.tokens for row in rows),
        "may_change": may_change(viewer, found),
        "is_following": is_following(viewer, collection=found),
        "is_shared": found.visibility != Visibility.PRIVATE and found.state == Shown.SHOWN,
        "section": "collections",
    }
    if context["is_shared"] and rows:
        context |= _offered(found)
    return render(request, "registry/collection.html", context)


@require_safe
def package_collections(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """The public collections that a package stands in, 24 a page; raises NotFound MP3002."""
    viewer = viewer_from(request)
    package = package_get(viewer, publisher, name)
    page = page_number(request.GET.get("page", ""))
    listed = list(collections_with(package)[(page - 1) * PAGE : page * PAGE + 1])
    context = {
        "package": package,
        "shelves": shelves(viewer, listed[:PAGE]),
        "next_page": page + 1 if len(listed) > PAGE else None,
        "previous_page": page - 1 if page > 1 else None,
        "section": "collections",
    }
    return render(request, "registry/package_collections.html", context)


def _offered(found: Collection) -> dict[str, object]:
    plugins = collection_plugins(found)
    address = f"{settings.BASE_URL}/git/collections/{found.slug}.git"
    return {
        "plugins": plugins,
        "cooldown_hours": settings.COOLDOWN_HOURS,
        "clients": sets(address, marketplace_name(found.slug), plugins) if plugins else [],
        "document": settings.BASE_URL + reverse("claude-collection", args=[found.slug]),
    }
