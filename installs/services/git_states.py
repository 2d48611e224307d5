"""What each git address serves at this moment, and which of its former states may still be finished."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from installs.domain.git_state import Folder, GitState, Release
from installs.domain.marketplace_document import Entry, MarketplaceDocument, entry_names
from installs.selectors.libraries import offers_of
from installs.services.libraries import library_open
from marketplace.core import tenancy
from marketplace.core.errors import NotFound
from marketplace.domain.viewer import ANONYMOUS, Viewer
from marketplace.services.viewers import bind
from registry.domain.archives import read_archive
from registry.domain.states import SERVED, State
from registry.models import Artifact, Version, VersionArtifact
from registry.selectors.packages import package_get, publisher_get, served_public_packages
from registry.services.artifacts import artifact_open

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.content import Content

log = structlog.get_logger(__name__)
REMEMBERED_SECONDS = 600
REMEMBERED_MOST = 8
RELEASES_MOST = 100


@dataclass(frozen=True, slots=True)
class Served:
    """A state with the viewer in whose name it is given out; `channel` is what its downloads are counted under."""

    address: str
    state: GitState
    viewer: Viewer
    channel: str
    is_personal: bool = False


def publisher_state(name: str) -> Served:
    """Every public package of the publisher, by bare name; raises NotFound MP3001."""
    publisher = publisher_get(name)
    versions = [package.latest for package in served_public_packages(publisher) if package.latest]
    state = _marketplace(publisher.name, publisher.display_name or publisher.name, versions)
    return Served(f"publisher:{publisher.pk}", state, ANONYMOUS, "git-catalog")


def package_state(publisher: str, name: str) -> Served:
    """One public package at the root of its repository, with a tag for each release; raises NotFound MP3002."""
    package = package_get(ANONYMOUS, publisher, name)
    if package.is_private or package.latest is None or package.latest.state != State.PUBLISHED:
        raise NotFound("MP3002", {"name": package.full_name})
    newest = _folders([package.latest], root=True)
    entries = (_entry(package.latest, package.name, "./"),)
    document = MarketplaceDocument(f"{publisher}-{name}", publisher, package.summary, entries)
    versions = list(package.versions.filter(state__in=SERVED).order_by("-sort_key")[:RELEASES_MOST])
    releases = tuple(
        Release(f"{name}--v{version.number}", folder)
        for version, folder in zip(versions, _folders(versions, root=True), strict=True)
    )
    return Served(f"package:{package.pk}", GitState(document.as_json(), newest, releases), ANONYMOUS, "git")


def personal_state(key: str) -> Served:
    """The library behind a personal key, read in its owner's name; raises NotFound MP5003."""
    opened = library_open(key)
    bind(opened.viewer)
    versions = [offer.version for offer in offers_of(opened.library, opened.viewer) if offer.version]
    state = _marketplace(settings.SITE_SLUG, settings.SITE_NAME, versions)
    return Served(f"library:{opened.library.pk}", state, opened.viewer, "git-personal", is_personal=True)


def _marketplace(name: str, owner: str, versions: list[Version]) -> GitState:
    names = entry_names((version.package.publisher.name, version.package.name) for version in versions)
    folders = tuple(
        Folder(f"plugins/{entry}", folder.digest, entry, folder.version_id, folder.read)
        for entry, folder in zip(names, _folders(versions), strict=True)
    )
    entries = tuple(
        _entry(version, entry, f"./plugins/{entry}") for entry, version in zip(names, versions, strict=True)
    )
    document = MarketplaceDocument(name, owner, f"Agent packages from {settings.SITE_NAME}", entries)
    return GitState(document.as_json(), folders)


def _entry(version: Version, name: str, source: str) -> Entry:
    package = version.package
    facts: dict[str, object] = {"description": package.summary or package.name, "category": package.kind.replace("_", "-")}
    if package.licence:
        facts["license"] = package.licence
    if package.keywords:
        facts["keywords"] = package.keywords
    return Entry(name, package.publisher.name, version.number, source, facts)


def _folders(versions: list[Version], *, root: bool = False) -> tuple[Folder, ...]:
    """The plugin folders of versions, whose artifacts are found in one query."""
    rows = VersionArtifact.objects.filter(version__in=versions, role=VersionArtifact.Role.PLUGIN)
    zips = {row.version_id: row.artifact for row in rows.select_related("artifact")}
    return tuple(
        Folder(
            "" if root else f"plugins/{version.package.name}",
            zips[version.pk].sha256,
            version.package.name,
            version.pk,
            partial(_content, zips[version.pk]),
        )
        for version in versions
    )


def _content(artifact: Artifact) -> Content:
    with artifact_open(artifact) as stream:
        return read_archive(stream)


def remember(served: Served) -> None:
    """Keep the state's digest for as long as a client that has seen it may come back for its bytes."""
    key = f"git:recent:{served.address}"
    try:
        known = [item for item in cache.get(key, []) if item[0] != served.state.digest]
        cache.set(key, [[served.state.digest, served.state.version_ids], *known][:REMEMBERED_MOST], REMEMBERED_SECONDS)
    except RedisError as error:
        log.warning("git.remember_failed", error=str(error))


def former_digests(served: Served) -> list[str]:
    """Digests of former states whose every version may still be given out, newest first."""
    try:
        known = cache.get(f"git:recent:{served.address}", [])
    except RedisError:
        return []
    return [digest for digest, versions in known if digest != served.state.digest and _all_served(versions)]


def _all_served(version_ids: Iterable[int]) -> bool:
    wanted = set(version_ids)
    with tenancy.bound(tenancy.SYSTEM):
        return Version.objects.filter(pk__in=wanted, state__in=SERVED).count() == len(wanted)


def served_versions(state: GitState) -> list[Version]:
    """The versions whose bytes the state's main branch holds, with what a grant asks."""
    ids = [folder.version_id for folder in state.folders]
    return list(Version.objects.filter(pk__in=ids).select_related("package__publisher"))


