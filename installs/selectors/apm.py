"""Archives of a package as apm reads them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.selectors.consent import allowed_versions
from marketplace.core.errors import NotFound
from registry.domain.states import State
from registry.models import VersionArtifact

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

MOST = 500


def archives_listed(viewer: Viewer, package: Package) -> list[VersionArtifact]:
    """The plugin zips of the versions that the viewer may install, newest first; one query besides the consent's."""
    rows = _archives().filter(version__package=package, version__state=State.PUBLISHED)
    keys = allowed_versions(viewer, package).keys
    if keys is not None:
        rows = rows.filter(version__in=keys)
    return list(rows.order_by("-version__sort_key")[:MOST])


def archive_find(full_name: str, number: str) -> VersionArtifact:
    """The plugin zip of one version; raises NotFound MP3003."""
    found = _archives().filter(version__package__full_name=full_name, version__number=number).first()
    if found is None:
        raise NotFound("MP3003", {"name": full_name, "number": number})
    return found


def _archives() -> QuerySet[VersionArtifact]:
    rows = VersionArtifact.objects.filter(role=VersionArtifact.Role.PLUGIN)
    return rows.select_related("artifact", "version__package__publisher")
