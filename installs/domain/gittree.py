"""What stands in a repository that clients clone: computed from digests, read only when it is built."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from installs.domain.marketplace_document import PLACE
from registry.domain.content import Content, File

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from installs.domain.marketplace_document import Entry, MarketplaceDocument

LAYOUT = 1
"""Raise it when the same input begins to give another tree, so that no built repository is taken for the new one."""

CHUNKED_FROM = 64
CHUNK_MEAN, CHUNK_MOST = 128, 512
"""How many plugins a tree has to have, and how many a chunk has."""

FOLDER = "plugins"
MANIFEST = ".claude-plugin/plugin.json"
ATTRIBUTES = File(b"* -text\n")
"""Clients check out the very bytes, whatever they are set to do with line ends."""

GIT_OWN = re.compile(r"\.git|git~[0-9]+|\.gitattributes|\.gitmodules|gi[0-9a-z]{2,4}~[0-9]+")


@dataclass(frozen=True, slots=True)
class PluginSource:
    """One entry with its folder: `digest` names the content for ever, `files` reads it when it is needed.

    An empty `entry.source` is the root of the repository, for a repository of one plugin.
    """

    entry: Entry
    digest: str
    files: Callable[[], Content]

    def placed(self) -> Iterator[tuple[str, File]]:
        """The files with their paths in the repository."""
        folder = f"{self.entry.source}/" if self.entry.source else ""
        for path, file in renamed(self.files(), self.entry.name).items():
            if is_checked_out(path) and f"{folder}{path}" != PLACE:
                yield f"{folder}{path}", file


@dataclass(frozen=True, slots=True)
class Chunk:
    """Neighbouring folders of a large tree: what has not changed of them between two states is built once."""

    plugins: tuple[PluginSource, ...]

    @property
    def digest(self) -> str:
        """SHA-256 (hex) that identifies the folders down to their objects."""
        facts = [LAYOUT, *([plugin.entry.source, plugin.entry.name, plugin.digest] for plugin in self.plugins)]
        return hashlib.sha256(json.dumps(facts).encode()).hexdigest()

    def files(self) -> Iterator[tuple[str, File]]:
        """Every path with its file; one plugin's content is in memory at a time."""
        for plugin in self.plugins:
            yield from plugin.placed()


@dataclass(frozen=True, slots=True)
class GitTree:
    """One commit's tree: the marketplace document at its place and a folder for each entry."""

    document: MarketplaceDocument
    plugins: tuple[PluginSource, ...] = ()

    def __post_init__(self) -> None:
        """Refuse (ValueError) plugins that are not the document's entries."""
        if tuple(plugin.entry for plugin in self.plugins) != self.document.entries:
            raise ValueError("the document lists other entries")

    @property
    def facts(self) -> dict[str, Any]:
        """All that decides the tree, without reading any content."""
        return {"document": self.document.as_json(), "digests": [plugin.digest for plugin in self.plugins]}

    def files(self) -> Iterator[tuple[str, File]]:
        """Every path outside of `chunks` with its file; one plugin's content is in memory at a time."""
        body = json.dumps(self.document.as_json(), indent=2, ensure_ascii=False).encode() + b"\n"
        yield PLACE, File(body)
        yield ".gitattributes", ATTRIBUTES
        if not self.is_large:
            yield from Chunk(self.plugins).files()

    @property
    def is_large(self) -> bool:
        """Whether its folders are built in chunks."""
        return len(self.plugins) >= CHUNKED_FROM

    def chunks(self) -> Iterator[Chunk]:
        """The folders of a large tree in git's order; a name alone says whether a chunk ends with it.

        So a package that comes, goes or changes changes one chunk.
        """
        chunk: list[PluginSource] = []
        for plugin in sorted(self.plugins, key=lambda plugin: plugin.entry.name) if self.is_large else ():
            chunk.append(plugin)
            if zlib.crc32(plugin.entry.name.encode()) % CHUNK_MEAN == 0 or len(chunk) >= CHUNK_MOST:
                yield Chunk(tuple(chunk))
                chunk = []
        if chunk:
            yield Chunk(tuple(chunk))


@dataclass(frozen=True, slots=True)
class GitState:
    """One state of one repository: `main` and the tags, each a root commit by the same author at the same moment."""

    head: GitTree
    author: str
    tags: Mapping[str, GitTree] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) that identifies the state: equal states are equal repositories, down to the commit."""
        facts = {
            "layout": LAYOUT,
            "author": self.author,
            "head": self.head.facts,
            "tags": {name: tree.facts for name, tree in sorted(self.tags.items())},
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def folder_of(entry_name: str) -> str:
    """The folder of an entry."""
    return f"{FOLDER}/{entry_name}"


def release_tag(plugin: str, version: str) -> str:
    """The tag by which clients find one release of a plugin."""
    return f"{plugin}--v{version}"


def renamed(content: Content, name: str) -> Content:
    """The folder with `name` in its plugin.json, which Codex compares with the entry; unreadable ones stay."""
    if MANIFEST not in content:
        return content
    try:
        facts = json.loads(content.text(MANIFEST))
    except (ValueError, RecursionError):
        return content
    if not isinstance(facts, dict) or facts.get("name") == name:
        return content
    body = json.dumps(facts | {"name": name}, indent=2, ensure_ascii=False).encode() + b"\n"
    return Content({**content, MANIFEST: File(body)})


def is_checked_out(path: str) -> bool:
    """Whether git may have the path: names that it keeps for itself make a whole clone fail or change other files.

    Git compares them as HFS+ (ignorable letters) and NTFS (case, streams, trailing dots and spaces) would.
    """
    return not any(_is_gits_own(segment) for segment in re.split(r"[/\\]", path))


def _is_gits_own(segment: str) -> bool:
    plain = "".join(letter for letter in segment if unicodedata.category(letter) != "Cf").casefold()
    return segment in {"", ".", ".."} or GIT_OWN.fullmatch(plain.split(":")[0].rstrip(" .")) is not None
