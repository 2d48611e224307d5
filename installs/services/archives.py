"""Zip files behind https addresses, as marketplace entries name them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from django.conf import settings

from installs.domain.marketplace_document import Archive
from registry.models import VersionArtifact

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.models import Version


def artifact_url(version: Version, row: VersionArtifact) -> str:
    """The address of one file of the version; it never changes, and never means other bytes."""
    name = quote(row.name)
    return f"{settings.BASE_URL}/artifacts/{version.package.full_name}/{version.number}/{row.artifact.sha256}/{name}"


def public_files(version: Version) -> dict[str, str]:
    """The addresses of the plugin zip and of the MCPB file, by role, as far as the version has them; one query."""
    roles = (VersionArtifact.Role.PLUGIN, VersionArtifact.Role.MCPB)
    rows = VersionArtifact.objects.filter(version=version, role__in=roles).select_related("artifact")
    return {row.role: artifact_url(version, row) for row in rows}


def archive_of(version: Version) -> Archive | None:
    """The plugin folder of the version as a zip; None when it has none."""
    return archives_of([version]).get(version.pk)


def archives_of(
    versions: Iterable[Version], headers: Mapping[int, Mapping[str, str]] | None = None
) -> dict[int, Archive]:
    """The plugin zips of many versions by primary key, in one query; `headers` go with those that name them."""
    by_key = {version.pk: version for version in versions}
    rows = VersionArtifact.objects.filter(version__in=by_key, role=VersionArtifact.Role.PLUGIN)
    return {
        row.version_id: Archive(
            artifact_url(by_key[row.version_id], row), row.artifact.sha256, (headers or {}).get(row.version_id, {})
        )
        for row in rows.select_related("artifact")
    }
