"""Where an import reads from: a git repository with its history, or a folder on this machine."""

from __future__ import annotations

import posixpath
import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from marketplace.core.errors import Invalid
from registry.clients.source_host import SourceRefused, Tree, repository
from registry.domain.archives import read_loosely, walk, wrapping
from registry.domain.formats import detect
from registry.domain.semver import coerce

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.clients.source_host import Repository, Tag
    from registry.domain.findings import Finding
    from registry.domain.formats import Detection, Entry

READ_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Source:
    """The commit (empty for a folder), and each package with its number (None: by its files), read one by one."""

    revision: str
    entries: Iterable[tuple[Entry, str | None]]


@contextmanager
def source(address: str) -> Iterator[Source]:
    """What lies at an https address or in a folder; entries are read inside the block.

    Raises SourceRefused, ArchiveRefused, Invalid MP2xxx when nothing was recognised.
    """
    folder = Path(address)
    if "://" not in address and not (folder / ".git").exists() and not (folder / "HEAD").exists():
        detection = _detected(Tree(list(walk(folder))))
        yield Source("", [(entry, None) for entry in detection.entries])
        return
    with repository(address) as found:
        yield Source(found.revision(), _entries(found))


def _entries(found: Repository) -> Iterator[tuple[Entry, str | None]]:
    """Releases that tags name come first, oldest first, so that they become history."""
    deadline = time.monotonic() + READ_SECONDS
    newest = _detected(found.tree())
    names = {entry.name for entry in newest.entries if entry.is_usable}
    for tag in sorted((tag for tag in found.tags() if tag.plugin in names), key=_age):
        if time.monotonic() > deadline:
            raise SourceRefused(f"its history takes more than {READ_SECONDS} seconds to read")
        yield from _release(found, tag)
    yield from ((entry, None) for entry in newest.entries)


def _release(found: Repository, tag: Tag) -> Iterator[tuple[Entry, str | None]]:
    """What a tag names, when something of that name is there to publish."""
    try:
        past = _detected(found.tree(tag.ref))
    except Invalid:
        return
    yield from ((entry, tag.version) for entry in past.entries if entry.name == tag.plugin and entry.is_usable)


def _age(tag: Tag) -> tuple[str, str]:
    version = coerce(tag.version)
    return tag.plugin, version.sortable if version else ""


def _detected(tree: Tree) -> Detection:
    content, left_out = read_loosely(tree.files)
    detection = detect(content, split=True)
    if not detection.entries:
        finding = next(iter(detection.findings))
        raise Invalid(finding.code, dict(finding.params))
    missing = [*left_out, *tree.findings]
    folder = wrapping(content)
    entries = tuple(_told(entry, missing, f"{folder}/" if folder else "") for entry in detection.entries)
    return replace(detection, entries=entries)


def _told(entry: Entry, missing: list[Finding], prefix: str) -> Entry:
    """The entry with what is to be said about files that would lie in it but could not be taken."""
    findings = [finding for finding in missing if _belongs(finding.path.removeprefix(prefix), entry)]
    return replace(entry, findings=(*entry.findings, *findings)) if findings and entry.content else entry


def _belongs(path: str, entry: Entry) -> bool:
    if entry.source_path:
        return path == entry.source_path or path.startswith(f"{entry.source_path}/")
    return bool(entry.content.paths_below(posixpath.dirname(path)))
