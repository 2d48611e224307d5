"""Files of versions by their address."""

from __future__ import annotations

from installs.selectors.documents import WIDE
from registry.models import VersionArtifact

HANDED_OUT = (VersionArtifact.Role.PLUGIN, VersionArtifact.Role.SKILL, VersionArtifact.Role.MCPB)


def artifact_find(full_name: str, number: str, sha256: str, file: str) -> VersionArtifact | None:
    """The file with its bytes' artifact and its package, in one query; None when there is none."""
    rows = VersionArtifact.objects.select_related("artifact", "version__package__publisher")
    wanted = rows.filter(version__package__full_name=full_name, version__number=number, role__in=HANDED_OUT)
    found = wanted.filter(artifact__sha256=sha256, name=file).defer(*WIDE)[:1]
    return next(iter(found), None)
