"""The state of a served repository: what stands in it, known by a digest before any content is read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from registry.domain.content import Content

MARKETPLACE = ".claude-plugin/marketplace.json"


@dataclass(frozen=True, slots=True)
class Folder:
    """One plugin in the repository: where it lies (empty: the root), its content's digest and how to read it."""

    path: str
    digest: str
    name: str
    version_id: int
    read: Callable[[], Content]


@dataclass(frozen=True, slots=True)
class Release:
    """A tag `{plugin}--v{version}` with a tree of its own."""

    tag: str
    folder: Folder


@dataclass(frozen=True, slots=True)
class GitState:
    """All that one address serves now."""

    document: Mapping[str, Any]
    folders: tuple[Folder, ...]
    releases: tuple[Release, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 (hex): equal states are equal repositories, on every machine."""
        facts = [
            self.document,
            [[folder.path, folder.digest, folder.name] for folder in self.folders],
            [[release.tag, release.folder.digest] for release in self.releases],
        ]
        return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()

    @property
    def version_ids(self) -> list[int]:
        """Every version whose bytes are in it."""
        return sorted({folder.version_id for folder in (*self.folders, *(item.folder for item in self.releases))})

    @property
    def document_bytes(self) -> bytes:
        """The marketplace document as a file."""
        return json.dumps(self.document, indent=2, ensure_ascii=False).encode() + b"\n"
