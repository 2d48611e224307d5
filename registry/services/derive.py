"""What is made of a version's content: the files that channels hand out, and the index of what is inside."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from registry.domain.checks import is_text
from registry.domain.content import Content, File
from registry.domain.formats import plugin_content, skill_contents
from registry.domain.packing import write_npm
from registry.models import VersionArtifact, VersionFile
from registry.services.artifacts import artifact_store_packed

if TYPE_CHECKING:
    from registry.domain.manifest import Manifest
    from registry.models import Artifact, Version

TGZ = "application/gzip"
Made = list[tuple[str, str, "Artifact"]]


def derive(version: Version, content: Content, manifest: Manifest) -> Made:
    """Store every derived file; returns (role, file name, artifact) of each. Same content, same bytes."""
    package = version.package
    stem = f"{package.name}-{version.number}"
    plugin = plugin_content(package.kind, package.name, manifest, content, version=version.number)
    made: Made = [
        (VersionArtifact.Role.PLUGIN, f"{stem}.zip", artifact_store_packed(plugin)),
        (VersionArtifact.Role.NPM, f"{stem}.tgz", _npm(version, plugin)),
    ]
    for name, skill in skill_contents(manifest, content).items():
        made.append((VersionArtifact.Role.SKILL, f"{name}-{version.number}.zip", artifact_store_packed(skill)))
    if manifest.format == "mcpb":
        made.append((VersionArtifact.Role.MCPB, f"{stem}.mcpb", artifact_store_packed(content)))
    return made


def _npm(version: Version, plugin: Content) -> Artifact:
    """What came as an npm tarball stays byte for byte; all else is packed with a package.json that names it."""
    if version.npm_manifest is not None:
        return version.source
    package = {
        "name": version.package.full_name,
        "version": version.number,
        "description": version.manifest.get("summary") or "",
        "license": version.manifest.get("license") or "UNLICENSED",
        "keywords": version.manifest.get("keywords") or [],
    }
    body = json.dumps(package, indent=2, ensure_ascii=False).encode() + b"\n"
    content = Content({**plugin, "package.json": File(body)})
    return artifact_store_packed(content, pack=write_npm, media_type=TGZ)


def files_of(version: Version, content: Content) -> list[VersionFile]:
    """Unsaved rows of the file tree."""
    return [
        VersionFile(
            version=version,
            path=path,
            size=len(file.data),
            sha256=hashlib.sha256(file.data).hexdigest(),
            executable=file.executable,
            is_text=is_text(file.data),
        )
        for path, file in content.items()
    ]
