"""Several files at once, folders on disk, and the folder that archives like to wrap everything in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from registry.domain.archives.collector import Collector
from registry.domain.archives.limits import ArchiveRefused, Limits
from registry.domain.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from registry.domain.content import Content

WHOLE = {"MP1102", "MP1103"}
WIDE = Limits(unpacked=256 * 1024 * 1024, files=20_000)


def read_folder(files: Iterable[tuple[str, bytes, bool]], *, limits: Limits = WIDE) -> Content:
    """Files given one by one as path, bytes and executable bit; raises ArchiveRefused as archives do."""
    collector = Collector(limits)
    for raw, data, executable in files:
        path = collector.path(raw)
        if path is not None:
            collector.read(path, io.BytesIO(data), executable=executable)
    return collector.content()


def read_tree(root: Path, *, limits: Limits = WIDE) -> Content:
    """A folder on this machine; raises ArchiveRefused as archives do."""
    return read_folder(walk(root), limits=limits)


def read_loosely(files: Iterable[tuple[str, bytes, bool]], *, limits: Limits = WIDE) -> tuple[Content, list[Finding]]:
    """As read_folder, but a file that cannot be taken is left out and told; raises for all of them together only."""
    collector = Collector(limits)
    left_out = []
    for raw, data, executable in files:
        try:
            path = collector.path(raw)
            if path is not None:
                collector.read(path, io.BytesIO(data), executable=executable)
        except ArchiveRefused as refused:
            if refused.code in WHOLE:
                raise
            left_out.append(Finding(refused.code, "error", _shown(raw), params=refused.params))
    return collector.content(), left_out


def _shown(raw: str) -> str:
    return "".join(letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in raw)[:512]


def walk(root: Path) -> Iterator[tuple[str, bytes, bool]]:
    """The files of a folder on this machine; links count only when they end at a file inside it."""
    yield from _walk(root.resolve())


def _walk(root: Path) -> Iterator[tuple[str, bytes, bool]]:
    for path in sorted(root.rglob("*")):
        real = path.resolve()
        if ".git" in path.relative_to(root).parts or not real.is_file() or not real.is_relative_to(root):
            continue
        yield path.relative_to(root).as_posix(), real.read_bytes(), bool(real.stat().st_mode & 0o100)


def wrapping(content: Content) -> str:
    """The folder, or folders one in the other, that hold everything and are no component themselves; else empty."""
    paths = list(content)
    first, last = (paths[0].split("/")[:-1], paths[-1].split("/")[:-1]) if paths else ([], [])
    folders = []
    for one, other in zip(first, last, strict=False):
        if one != other or one in COMPONENTS:
            break
        folders.append(one)
    return "/".join(folders)


def unwrap(content: Content) -> Content:
    """Without the folders that wrap everything; once unwrapped, it stays as it is."""
    folder = wrapping(content)
    return content.below(folder) if folder else content


COMPONENTS = {
    ".claude-plugin", ".codex-plugin", ".cursor-plugin", ".claude", ".well-known", "agents", "bin", "commands", "hooks",
    "monitors", "output-styles", "skills", "themes", "workflows",
}  # fmt: skip
