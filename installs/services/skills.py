"""Which skills an address offers: those of one package, of a publisher, of a library."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.conf import settings

from installs.domain.skill_index import SKILLS_MOST, SkillOffer, usable
from installs.services.archives import artifact_url
from installs.services.grants import granted
from installs.services.personal import personal_open
from marketplace.core.errors import NotFound
from marketplace.domain.viewer import ANONYMOUS
from registry.domain.archives import read_archive
from registry.models import VersionArtifact, VersionFile
from registry.selectors.packages import package_get, publisher_get, served_public_packages, shared_version
from registry.services.artifacts import artifact_open

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from marketplace.domain.viewer import Viewer
    from registry.models import Version


@dataclass(frozen=True, slots=True)
class Shown:
    """The skills of an address, each with the version and the zip that it comes from."""

    viewer: Viewer
    offers: list[SkillOffer]
    rows: dict[str, VersionArtifact]


def package_skills(publisher: str, name: str, only: str = "") -> Shown:
    """Of one public package, or the one skill `only` of it; raises NotFound MP3002."""
    package = package_get(ANONYMOUS, publisher, name)
    version = None if package.is_private else shared_version(package)
    if version is None:
        raise NotFound("MP3002", {"name": package.full_name})
    return _shown(ANONYMOUS, [version], only=only)


def publisher_skills(name: str) -> Shown:
    """Of every public package of the publisher, by name; raises NotFound MP3001."""
    packages = served_public_packages(publisher_get(name)).filter(shared__artifacts__role=VersionArtifact.Role.SKILL)
    versions = [version for package in packages.distinct()[:SKILLS_MOST] if (version := shared_version(package))]
    return _shown(ANONYMOUS, versions)


def personal_skills(key: str) -> Shown:
    """Of the library behind the key, whose zips are fetched below it too; raises NotFound MP5003."""
    personal = personal_open(key)
    return _shown(personal.viewer, personal.versions, below=f"{settings.BASE_URL}/s/{key}")


def skill_file(row: VersionArtifact, path: str) -> bytes:
    """One file of the skill; raises NotFound MP9001."""
    with artifact_open(row.artifact) as stream:
        content = read_archive(stream)
    if path not in content:
        raise NotFound("MP9001")
    return content[path].data


def _shown(viewer: Viewer, versions: Sequence[Version], *, only: str = "", below: str = "") -> Shown:
    allowed = {version.pk: version for version in granted(viewer, versions)}
    wanted = VersionArtifact.objects.filter(version__in=allowed, role=VersionArtifact.Role.SKILL)
    rows: dict[int, list[VersionArtifact]] = defaultdict(list)
    for row in wanted.select_related("artifact").order_by("pk"):
        row.version = allowed[row.version_id]
        rows[row.version_id].append(row)
    paths = _paths(rows)
    found: dict[str, VersionArtifact] = {}
    offers = []
    for pk, version in allowed.items():
        for row in rows[pk]:
            offer = _offer(version, row, paths[pk], below)
            if not only or offer.name == only:
                offers.append(offer)
                found.setdefault(offer.name, row)
    return Shown(viewer, usable(offers), found)


def _paths(version_keys: Iterable[int]) -> dict[int, list[str]]:
    paths: dict[int, list[str]] = defaultdict(list)
    for pk, path in VersionFile.objects.filter(version__in=list(version_keys)).values_list("version_id", "path"):
        paths[pk].append(path)
    return paths


def _offer(version: Version, row: VersionArtifact, paths: list[str], below: str) -> SkillOffer:
    name = row.name.removesuffix(f"-{version.number}.zip")
    skills = (version.manifest.get("components") or {}).get("skills") or []
    told: dict[str, Any] = next((skill for skill in skills if skill.get("name") == name), {})
    folder = posixpath.dirname(str(told.get("path") or ""))
    files = tuple(
        posixpath.relpath(path, folder or ".") for path in paths if not folder or path.startswith(f"{folder}/")
    )
    url = artifact_url(version, row)
    if below:
        url = f"{below}/{version.package.full_name}/{version.number}/{row.artifact.sha256}/{quote(row.name)}"
    return SkillOffer(name, str(told.get("description") or ""), version.number, url, row.artifact.sha256, files)
