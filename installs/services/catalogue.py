"""Keeps the entries of marketplace documents true, and the catalogue of the whole site behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils import timezone

from installs.domain.catalogue import BYTES_MOST, admitted, compact, document, fitted, size_of
from installs.domain.marketplace_document import MarketplaceDocument, package_marketplace
from installs.models import CatalogueEntry, SiteDocument
from installs.services.archives import archive_of
from installs.services.copies import CATALOGUE as REFRESH
from installs.services.documents import Rendered, rendered
from installs.services.entries import entry_of, required_by
from installs.services.grants import is_granted
from marketplace.core.errors import NotFound
from marketplace.domain.viewer import ANONYMOUS
from marketplace.services.outbox import enqueue
from registry.domain.names import FullName
from registry.models import Package
from registry.selectors.packages import publisher_get, shared_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.events import PackageChanged, VersionChanged

CATALOGUE = "claude-catalogue"
REBUILD = "installs.catalogue_rebuild"
DEBOUNCE_SECONDS = 1
STEPS = 5
LOCK = 7_310_245
"""The advisory lock of the rebuild."""


def catalogue_project(event: VersionChanged | PackageChanged) -> None:
    """Projection: write the package's entry, or take it away."""
    package = Package.objects.select_related("publisher", "shared").filter(pk=event.package_id).first()
    if package is not None:
        entry_write(package=package)


@transaction.atomic
def entry_write(*, package: Package) -> None:
    """Render the package's entry as everybody may have it; a change has the catalogue rebuilt soon."""
    wanted = _wanted(package)
    stored = CatalogueEntry.objects.filter(package=package).first()
    if wanted is None:
        changed = stored is not None
        CatalogueEntry.objects.filter(package=package).delete()
    else:
        changed = stored is None or (stored.body, stored.name) != (wanted.body, wanted.name)
        wanted.listed_at = stored.listed_at if stored else None
        if changed:
            wanted.save(force_insert=stored is None)
    if changed:
        enqueue(REBUILD, key="all", delay_seconds=DEBOUNCE_SECONDS)


def _wanted(package: Package) -> CatalogueEntry | None:
    version = None if package.is_private else shared_version(package)
    if version is None or not is_granted(ANONYMOUS, version):
        return None
    archive = archive_of(version)
    if archive is None:
        return None
    needs = required_by(version)
    names = {name: _entry_name(name) for name in needs}
    name = package_marketplace(package.publisher.name, package.name)
    body = compact(entry_of(version, name=name, source=archive, names=names).as_json())
    return CatalogueEntry(
        package=package, publisher=package.publisher, name=name, body=body, size=size_of(body), needs=needs
    )


def _entry_name(full_name: str) -> str:
    name = FullName.parse(full_name)
    return package_marketplace(name.publisher, name.package)


@transaction.atomic
def catalogue_rebuild() -> None:
    """Admit what fits, write the catalogue anew; one at a time, the same entries are the same bytes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    members = CatalogueEntry.objects.filter(listed_at__isnull=False)
    taken = members.aggregate(total=Sum("size"))["total"] or 0
    waiting = CatalogueEntry.objects.filter(listed_at=None).order_by("package_id").values_list("package_id", "size")
    gained = admitted(taken, waiting.iterator(chunk_size=2000))
    now = timezone.now()
    for start in range(0, len(gained), 2000):
        CatalogueEntry.objects.filter(pk__in=gained[start : start + 2000]).update(listed_at=now)
    bodies = list(members.order_by("listed_at", "package_id").values_list("body", flat=True))
    head = head_of(f"{settings.SITE_SLUG}-catalogue", settings.SITE_NAME)
    fresh = rendered(document(head, fitted(bodies)))
    stored = SiteDocument.objects.filter(name=CATALOGUE).only("etag").first()
    if stored is None or stored.etag != fresh.etag:
        facts = {"etag": fresh.etag, "body": fresh.body, "packed": fresh.packed}
        SiteDocument.objects.update_or_create(name=CATALOGUE, defaults=facts)
        if settings.PURGE_URLS:
            enqueue(REFRESH)


def publisher_document(name: str) -> Rendered:
    """The marketplace of one publisher, with what its packages need of others; raises NotFound MP3001."""
    publisher = publisher_get(name)
    entries = list(CatalogueEntry.objects.filter(publisher=publisher).order_by("name")[:_MOST])
    if not entries:
        raise NotFound("MP3001", {"name": name})
    needed = neighbours(entries)
    head = head_of(publisher.name, publisher.display_name or publisher.name)
    return rendered(document(head, fitted([entry.body for entry in [*entries, *needed]])))


_MOST = BYTES_MOST // 200


def neighbours(entries: Iterable[CatalogueEntry]) -> list[CatalogueEntry]:
    """The entries of other packages that these need, STEPS deep."""
    found = {entry.package_id: entry for entry in entries}
    own = set(found)
    missing = {need for entry in found.values() for need in entry.needs}
    for _ in range(STEPS):
        if not missing:
            break
        rows = CatalogueEntry.objects.filter(package__full_name__in=sorted(missing)).exclude(pk__in=found)
        gained = {row.package_id: row for row in rows.order_by("name")}
        found |= gained
        missing = {need for row in gained.values() for need in row.needs}
    return [entry for pk, entry in found.items() if pk not in own]


def head_of(name: str, owner: str) -> dict[str, object]:
    """A marketplace without its entries."""
    about = f"Agent packages from {settings.SITE_NAME}"
    told = MarketplaceDocument(name, owner, about).as_json()
    del told["plugins"]
    return told


def entries_rebuild() -> int:
    """Write every package's entry anew, then the catalogue; returns how many packages were looked at."""
    count = 0
    for pk in Package.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=500):
        with transaction.atomic():
            package = Package.objects.select_for_update(of=("self",)).filter(pk=pk).first()
            if package is not None:
                entry_write(package=Package.objects.select_related("publisher", "latest").get(pk=pk))
                count += 1
    catalogue_rebuild()
    return count
