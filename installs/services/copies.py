"""Tells shared caches what has changed, so that they never give away what the site would refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from installs.clients.caches import caches
from installs.domain.copies import Copy, catalogue_copies, packument_copies
from installs.domain.npm_names import npm_name, tarball_name
from installs.services.archives import artifact_url
from payments.services.entitlements import is_paid
from registry.domain.states import SERVED
from registry.models import Package, VersionArtifact

if TYPE_CHECKING:
    from collections.abc import Iterator

REFRESH = "installs.copies_refresh"
CATALOGUE = "installs.catalogue_refresh"


def copies_refresh(package_id: int) -> None:
    """Refresh the package's documents, and the bytes that nobody in particular may have any more.

    Raises CacheFailed when a cache cannot be told; telling it again does no harm.
    """
    held = caches()
    package = Package.objects.select_related("publisher").filter(pk=package_id).first()
    if held is not None and package is not None:
        held.refresh([*packument_copies(package.full_name, settings.NPM_BASES), *_withdrawn(package)])


def catalogue_refresh() -> None:
    """Refresh the catalogue of the site; raises CacheFailed."""
    held = caches()
    if held is not None:
        held.refresh(catalogue_copies(f"{settings.BASE_URL}/claude/marketplace.json"))


def _withdrawn(package: Package) -> Iterator[Copy]:
    """The addresses of bytes that were given to everybody once; bytes that still are never change."""
    rows = VersionArtifact.objects.filter(version__package=package, version__published_at__isnull=False)
    if not package.is_private and not is_paid(package):
        rows = rows.exclude(version__state__in=SERVED)
    for row in rows.select_related("artifact", "version"):
        row.version.package = package
        yield from (Copy(url, package.full_name) for url in _urls(package, row))


def _urls(package: Package, row: VersionArtifact) -> list[str]:
    if row.role != VersionArtifact.Role.NPM:
        return [artifact_url(row.version, row)]
    file = tarball_name(package.name, row.version.number)
    return [f"{base}/{npm_name(package.full_name)}/-/{file}" for base in settings.NPM_BASES]
