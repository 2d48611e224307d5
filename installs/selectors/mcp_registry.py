"""Versions of MCP server packages in the registry's order: by package, the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet

from installs.domain.mcp_registry import Bundle, Listing
from installs.models import Withdrawal
from installs.selectors.counts import downloads_of
from marketplace.core.errors import NotFound
from registry.domain.capabilities import reaches_of
from registry.domain.kinds import Kind
from registry.domain.states import State
from registry.models import Package, Scan, SearchDocument, Version, VersionArtifact
from registry.selectors.search import QUERY_MOST, search

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

SHOWN = (State.PUBLISHED, State.YANKED)
GONE = (State.QUARANTINED, State.REMOVED, State.UNPUBLISHED)
FOUND_MOST = 500


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to the list; `after` is the (full name, sort key) behind which to go on."""

    words: str = ""
    is_latest: bool = False
    updated_since: datetime | None = None
    after: tuple[str, str] | None = None


def listed(wanted: Wanted, size: int) -> tuple[list[Listing], tuple[str, str] | None]:
    """At most `size` entries and where to go on (None: nowhere); four queries however many there are.

    What was taken away or went private is told only to those who ask what changed since a moment.
    """
    versions = list(_found(wanted).order_by("package__full_name", "-sort_key")[: size + 1])
    gone = list(_withdrawn(wanted).order_by("full_name", "-sort_key")[: size + 1])
    places = [(version.package.full_name, version.sort_key) for version in versions]
    places += [(row.full_name, row.sort_key) for row in gone]
    order = sorted(range(len(places)), key=lambda at: places[at][1], reverse=True)
    order.sort(key=lambda at: places[at][0])
    shown = order[:size]
    entries = [*listings(versions), *map(_tombstone, gone)]
    return [entries[at] for at in shown], places[shown[-1]] if len(order) > size else None


def _found(wanted: Wanted) -> QuerySet[Version]:
    versions = _versions()
    states = (*SHOWN, *GONE) if wanted.updated_since is not None else SHOWN
    versions = versions.filter(state__in=states)
    if wanted.updated_since is not None:
        versions = versions.filter(package__updated_at__gte=wanted.updated_since)
    if wanted.is_latest:
        is_newest = Q(pk=F("package__shared_id"))
        if wanted.updated_since is not None:
            alive = Package.objects.filter(pk=OuterRef("package_id"), shared__isnull=False)
            is_newest |= ~Q(Exists(alive))
        versions = versions.filter(is_newest)
    if wanted.words:
        documents = SearchDocument.objects.filter(kind=Kind.MCP_SERVER)
        found = search(query=wanted.words[:QUERY_MOST], documents=documents, size=FOUND_MOST)
        versions = versions.filter(package_id__in=found.ids)
    if wanted.after is not None:
        name, key = wanted.after
        versions = versions.filter(Q(package__full_name__gt=name) | Q(package__full_name=name, sort_key__lt=key))
    return versions


def _withdrawn(wanted: Wanted) -> QuerySet[Withdrawal]:
    """What went private; nobody searches for what is gone. Versions of public packages tell of themselves."""
    if wanted.updated_since is None or wanted.words:
        return Withdrawal.objects.none()
    public = Package.objects.filter(pk=OuterRef("package_id"), is_private=False)
    rows = Withdrawal.objects.filter(~Exists(public), withdrawn_at__gte=wanted.updated_since)
    if wanted.is_latest:
        rows = rows.filter(is_latest=True)
    if wanted.after is not None:
        name, key = wanted.after
        rows = rows.filter(Q(full_name__gt=name) | Q(full_name=name, sort_key__lt=key))
    return rows


def _tombstone(row: Withdrawal) -> Listing:
    return Listing(
        publisher=row.publisher,
        package=row.name,
        number=row.number,
        title="",
        description="",
        page="",
        published_at=row.published_at,
        updated_at=row.withdrawn_at,
        status="deleted",
        is_latest=row.is_latest,
        manifest={},
    )


def versions_named(full_name: str) -> list[Version]:
    """The versions of one server, newest first; raises NotFound MP3002."""
    found = list(_versions().filter(package__full_name=full_name, state__in=SHOWN).order_by("-sort_key")[:100])
    if not found:
        raise NotFound("MP3002", {"name": full_name})
    return found


def version_named(full_name: str, number: str) -> Version:
    """One version by number or as `latest`; raises NotFound MP3003."""
    versions = _versions().filter(package__full_name=full_name, state__in=SHOWN)
    wanted = Q(pk=F("package__shared_id")) if number == "latest" else Q(number=number)
    found = versions.filter(wanted).first()
    if found is None:
        raise NotFound("MP3003", {"name": full_name, "number": number})
    return found


def _versions() -> QuerySet[Version]:
    """Public ones that were published once, with what their entries say."""
    bundles = VersionArtifact.objects.filter(role=VersionArtifact.Role.MCPB).select_related("artifact")
    scans = Scan.objects.order_by("-pk")
    return (
        Version.objects.filter(package__kind=Kind.MCP_SERVER, is_private=False, published_at__isnull=False)
        .select_related("package__publisher")
        .prefetch_related(Prefetch("artifacts", bundles, to_attr="bundles"), Prefetch("scans", scans, to_attr="runs"))
    )


def listings(versions: Iterable[Version]) -> list[Listing]:
    """The entries of the versions, in order; two queries more than the versions took."""
    rows = list(versions)
    ids = list({version.package_id for version in rows})
    counts = downloads_of(ids)
    documents = SearchDocument.objects.filter(package_id__in=ids, rating_count__gt=0)
    rated = {pk: (mean, count) for pk, mean, count in documents.values_list("pk", "rating_mean", "rating_count")}
    return [_listing(row, counts.get(row.package_id, 0), rated.get(row.package_id)) for row in rows]


def _listing(version: Any, downloads: int, rated: tuple[float | None, int] | None) -> Listing:
    package = version.package
    page = f"{settings.BASE_URL}/{package.full_name}"
    bundle = None
    if version.bundles:
        row = version.bundles[0]
        address = f"{settings.BASE_URL}/artifacts/{package.full_name}/{version.number}/{row.artifact.sha256}/{row.name}"
        bundle = Bundle(address, row.artifact.sha256)
    about = {
        "package": package.full_name,
        "page": page,
        "verdict": version.runs[0].verdict if version.runs else "",
        "capabilities": reaches_of(version.strip),
        "downloads": downloads,
        "deprecated": version.deprecated,
    }
    if rated is not None and rated[0] is not None:
        about |= {"rating": round(rated[0], 2), "reviews": rated[1]}
    return Listing(
        publisher=package.publisher.name,
        package=package.name,
        number=version.number,
        title=package.title,
        description=version.manifest.get("summary") or package.summary,
        page=page,
        published_at=version.published_at,
        updated_at=package.updated_at,
        status=_status(version),
        is_latest=version.pk == package.shared_id,
        manifest=version.manifest,
        bundle=bundle,
        about={key: value for key, value in about.items() if value != ""},
    )


def _status(version: Version) -> str:
    if version.state in GONE:
        return "deleted"
    return "deprecated" if version.state == State.YANKED or version.deprecated else "active"
