"""What each git address offers at this moment, as states that any machine can build (ARCHITECTURE, "Addresses")."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings

from installs.domain.gittree import GitState, GitTree, PluginSource, folder_of, release_tag
from installs.domain.marketplace_document import (
    MarketplaceDocument,
    entry_names,
    former_names,
    package_marketplace,
)
from installs.services.entries import entry_of
from installs.services.grants import download_grant, granted, is_readable
from installs.services.personal import personal_open
from marketplace.core.errors import NotFound
from marketplace.domain.viewer import ANONYMOUS, Viewer
from registry.domain.archives import read_stored
from registry.domain.states import SERVED
from registry.models import Version, VersionArtifact
from registry.selectors.packages import package_get, shared_version
from registry.services.artifacts import artifact_open

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.content import Content
    from registry.models import Artifact

RELEASES_MOST = 100


@dataclass(frozen=True, slots=True)
class Shelf:
    """What an address shows besides its versions; with them it decides a state altogether."""

    name: str
    owner: str
    is_one_package: bool = False


@dataclass(frozen=True)
class Served:
    """An address with the versions it offers, in order, and the viewer in whose name they are given out.

    A version may be something that stands for it (`pk`, `package_id`). `releases` get a tag each; `channel` is what
    downloads are counted under; `key` names the address in caches.
    """

    key: str
    shelf: Shelf
    versions: tuple[Any, ...]
    viewer: Viewer
    channel: str
    releases: tuple[Version, ...] = ()

    @cached_property
    def state(self) -> GitState:
        """The state of its repository; one query."""
        return state_of(self.shelf, self.versions, self.releases)

    @cached_property
    def digest(self) -> str:
        """The state's."""
        return self.state.digest


def package_state(publisher: str, name: str) -> Served:
    """One public package at the root of its repository, with a tag for each release.

    Raises NotFound MP3002, SignInNeeded MP6001 for one that is sold.
    """
    package = package_get(ANONYMOUS, publisher, name)
    shared = shared_version(package)
    if package.is_private or shared is None or not is_readable(ANONYMOUS, shared):
        raise NotFound("MP3002", {"name": package.full_name})
    download_grant(ANONYMOUS, shared)
    rows = package.versions.filter(state__in=SERVED, is_settled=True).select_related("package__publisher")
    releases = granted(ANONYMOUS, rows.order_by("-sort_key")[:RELEASES_MOST])
    shelf = Shelf(package_marketplace(publisher, name), publisher, is_one_package=True)
    return Served(f"package:{package.pk}", shelf, (shared,), ANONYMOUS, "git", releases)


def personal_state(key: str) -> Served:
    """The library behind a personal key, read in its owner's name; raises NotFound MP5003."""
    personal = personal_open(key)
    shelf = Shelf(settings.SITE_SLUG, settings.SITE_NAME)
    return Served(f"library:{personal.library.pk}", shelf, personal.versions, personal.viewer, "git-personal")


def state_of(shelf: Shelf, versions: Iterable[Version], releases: Iterable[Version] = ()) -> GitState:
    """The state of these versions, in this order; what does not change with a version's number is not asked.

    So the same versions give the same state later, and on another machine. Those without a plugin folder are left out.
    """
    versions, releases = list(versions), list(releases)
    rows = VersionArtifact.objects.filter(version__in={*versions, *releases}, role=VersionArtifact.Role.PLUGIN)
    folders = {row.version_id: row.artifact for row in rows.select_related("artifact")}
    tags = {
        release_tag(version.package.name, version.number): _tree(shelf, [version], folders)
        for version in releases
        if version.pk in folders
    }
    return GitState(_tree(shelf, [version for version in versions if version.pk in folders], folders), author(), tags)


def author() -> str:
    """Who every state is by."""
    return f"{_plain(settings.SITE_NAME)} <noreply@{urlsplit(settings.BASE_URL).hostname}>"


def _tree(shelf: Shelf, versions: list[Version], folders: dict[int, Artifact]) -> GitTree:
    packages = [(version.package.publisher.name, version.package.name) for version in versions]
    entries = entry_names(packages, marketplace=shelf.name)
    names = dict(zip((version.package.full_name for version in versions), entries, strict=True))
    plugins = []
    for name, version in zip(entries, versions, strict=True):
        source = "" if shelf.is_one_package else folder_of(name)
        entry = entry_of(version, name=name, source=source, names=names)
        artifact = folders[version.pk]
        plugins.append(PluginSource(entry, artifact.sha256, partial(content_of, artifact)))
    return marketplace_tree(shelf, packages, entries, plugins)


def marketplace_tree(
    shelf: Shelf, packages: list[tuple[str, str]], names: list[str], plugins: list[PluginSource]
) -> GitTree:
    """The tree of these plugins of (publisher, package), which the marketplace calls by these names."""
    about = f"Agent packages from {settings.SITE_NAME}"
    former = former_names(packages, names) if shelf.name == settings.SITE_SLUG else {}
    shown = tuple(plugin.entry for plugin in plugins)
    return GitTree(MarketplaceDocument(shelf.name, shelf.owner, about, shown, former), tuple(plugins))


def content_of(artifact: Artifact) -> Content:
    """The files of a plugin folder."""
    with artifact_open(artifact) as stream:
        return read_stored(stream)


def _plain(text: str) -> str:
    return "".join(letter for letter in text if letter.isprintable() and letter not in "<>") or "Marketplace"
