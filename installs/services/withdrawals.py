"""Remembers which MCP servers went private, so that mirrors of the registry hear of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.models import Document, Withdrawal
from registry.domain.kinds import Kind
from registry.domain.states import SERVED
from registry.models import Package

if TYPE_CHECKING:
    from registry.domain.events import PackageChanged, VersionChanged


def withdrawals_project(event: VersionChanged | PackageChanged) -> None:
    """Projection: a server that was told to everybody until now leaves tombstones; one that is shown has none.

    Runs before the documents are taken away: they say that it was shown. So one that loses its last version leaves them
    while it is public, and mirrors hear of it however it goes on.
    """
    package = Package.objects.select_related("publisher").filter(pk=event.package_id, kind=Kind.MCP_SERVER).first()
    if package is None:
        return
    if not package.is_private and package.versions.filter(state__in=SERVED).exists():
        Withdrawal.objects.filter(package=package).delete()
    elif Document.objects.filter(package=package).exists():
        _leave(package)


def _leave(package: Package) -> None:
    versions = package.versions.filter(published_at__isnull=False)
    Withdrawal.objects.bulk_create(
        [
            Withdrawal(
                package=package,
                publisher=package.publisher.name,
                name=package.name,
                full_name=package.full_name,
                number=version.number,
                sort_key=version.sort_key,
                is_latest=package.latest_id in {None, version.pk},
                published_at=version.published_at,
            )
            for version in versions
            if version.published_at is not None
        ],
        ignore_conflicts=True,
    )
