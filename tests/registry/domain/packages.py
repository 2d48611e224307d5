"""Packages made in a line: files by path become a detected entry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from registry.domain.capabilities import gather
from registry.domain.content import Content, File
from registry.domain.formats import detect

if TYPE_CHECKING:
    from registry.domain.capabilities import CapabilitySet
    from registry.domain.formats import Entry

PLUGIN = ".claude-plugin/plugin.json"
HEAD = "---\nname: reviewer\ndescription: Reviews migrations.\n---\n"


def content_of(files: dict[str, Any]) -> Content:
    """Texts and bytes as they are, everything else as JSON; paths below bin/ may be run."""
    return Content({path: File(_bytes(value), path.startswith("bin/")) for path, value in files.items()})


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value, indent=2).encode()


def plugin(files: dict[str, Any] | None = None, **manifest: Any) -> Content:
    """A plugin with a skill of plain text, and `files` and facts of the manifest besides."""
    facts = {"name": "reviewer", "description": "Reviews migrations.", "version": "1.0.0", **manifest}
    return content_of({PLUGIN: facts, "skills/reviewer/SKILL.md": f"{HEAD}Read the migration.\n", **(files or {})})


def entry_of(content: Content) -> Entry:
    """The one package in the content."""
    (entry,) = detect(content).entries
    return entry


def capabilities_of(files: dict[str, Any] | None = None, **manifest: Any) -> CapabilitySet:
    """What the plugin of these files can do."""
    entry = entry_of(plugin(files, **manifest))
    return gather(entry.content, entry.manifest)
