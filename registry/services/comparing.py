"""Everything that the page of changes shows, for two versions of one package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.domain.archives import read_archive, unwrap
from registry.domain.capabilities import CapabilitySet
from registry.domain.comparison import Comparison, compare, read_by
from registry.domain.textdiff import Line, text_difference
from registry.models import VersionFile
from registry.services.artifacts import artifact_open

if TYPE_CHECKING:
    from registry.domain.content import Content
    from registry.models import Version

TEXT_MOST = 400_000
FILES_MOST = 40
ORDER = ("runs", "connects", "prompt", "script", "")


@dataclass(frozen=True, slots=True)
class FileChange:
    """One changed file: how it changed, who reads it, and its lines (None: too long, or no text)."""

    path: str
    change: str
    reader: str
    lines: tuple[Line, ...] | None


@dataclass(frozen=True, slots=True)
class Changes:
    """Capabilities, costs and texts of two versions; `unread` are changed files that no model and no shell reads."""

    capabilities: Comparison
    files: tuple[FileChange, ...]
    unread: tuple[FileChange, ...]
    left_out: int


def changes_between(before: Version, after: Version) -> Changes:
    """Compare two versions; reads the stored bytes of both."""
    old, new = CapabilitySet.of_json(before.capabilities), CapabilitySet.of_json(after.capabilities)
    paths = changed_paths(before, after)
    readers = {path: read_by(path, new if change != "removed" else old, after.context_parts) for path, change in paths}
    ordered = sorted(paths, key=lambda item: (ORDER.index(readers[item[0]]), item[0]))
    read = [item for item in ordered if readers[item[0]]]
    texts = content_of(before), content_of(after)
    return Changes(
        capabilities=compare(old, new, before.context_parts, after.context_parts),
        files=tuple(_file(path, change, readers[path], *texts) for path, change in read[:FILES_MOST]),
        unread=tuple(FileChange(path, change, "", None) for path, change in ordered if not readers[path])[:FILES_MOST],
        left_out=max(len(read) - FILES_MOST, 0),
    )


def changed_paths(before: Version, after: Version) -> list[tuple[str, str]]:
    """Path and kind of change (added, removed, changed) of every file that differs."""
    rows = VersionFile.objects.filter(version__in=[before, after]).values_list("version_id", "path", "sha256")
    digests: dict[int, dict[str, str]] = {before.pk: {}, after.pk: {}}
    for version_id, path, sha256 in rows:
        digests[version_id][path] = sha256
    old, new = digests[before.pk], digests[after.pk]
    return [
        (path, "added" if path not in old else "removed" if path not in new else "changed")
        for path in sorted({**old, **new})
        if old.get(path) != new.get(path)
    ]


def content_of(version: Version) -> Content:
    """The files of a version."""
    with artifact_open(version.source) as stream:
        return unwrap(read_archive(stream))


def _file(path: str, change: str, reader: str, before: Content, after: Content) -> FileChange:
    old, new = _text(before, path), _text(after, path)
    lines = None if old is None or new is None else text_difference(old, new)
    return FileChange(path, change, reader, lines)


def _text(content: Content, path: str) -> str | None:
    """The file as text, empty when it is not there; None when it cannot be shown as text."""
    if path not in content:
        return ""
    data = content[path].data
    return None if len(data) > TEXT_MOST or b"\0" in data[:8192] else content.text(path)
