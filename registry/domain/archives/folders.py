"""Several files at once, folders on disk, and the folder that archives like to wrap everything in."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from registry.domain.archives.collector import Collector
from registry.domain.archives.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from registry.domain.content import Content

DEFAULT = Limits()
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
    """A folder on this machine; links count only when they end at a file inside it."""
    return read_folder(_walk(root.resolve()), limits=limits)


def _walk(root: Path) -> Iterator[tuple[str, bytes, bool]]:
    for path in sorted(root.rglob("*")):
        real = path.resolve()
        if ".git" in path.relative_to(root).parts or not real.is_file() or not real.is_relative_to(root):
            continue
        yield path.relative_to(root).as_posix(), real.read_bytes(), bool(real.stat().st_mode & 0o100)


def unwrap(content: Content) -> Content:
    """Without the one folder that holds everything, when there is such a folder and it is not a component itself."""
    tops = {path.split("/", 1)[0] for path in content}
    if len(tops) != 1 or any("/" not in path for path in content):
        return content
    top = next(iter(tops))
    return content if top in COMPONENTS else content.below(top)


COMPONENTS = {
    ".claude-plugin", ".codex-plugin", ".cursor-plugin", "agents", "commands", "skills", "hooks", ".claude",
}  # fmt: skip
