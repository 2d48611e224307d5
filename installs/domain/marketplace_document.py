"""The marketplace.json that Claude Code and Codex read, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SCHEMA = "https://anthropic.com/claude-code/marketplace.schema.json"


@dataclass(frozen=True, slots=True)
class Entry:
    """One plugin of a marketplace: `source` is a path that begins with `./`, or a map that names an archive."""

    name: str
    publisher: str
    version: str
    source: str | Mapping[str, str]
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As the client reads it."""
        return {"name": self.name, "version": self.version, "source": self.source, **self.facts}


@dataclass(frozen=True, slots=True)
class MarketplaceDocument:
    """A marketplace; clients turn a plugin off when it is no longer listed (`forceRemoveDeletedPlugins`)."""

    name: str
    owner: str
    description: str
    entries: tuple[Entry, ...]

    def as_json(self) -> dict[str, Any]:
        """As the client reads it."""
        return {
            "$schema": SCHEMA,
            "name": self.name,
            "owner": {"name": self.owner},
            "metadata": {"description": self.description},
            "forceRemoveDeletedPlugins": True,
            "plugins": [entry.as_json() for entry in self.entries],
        }


def entry_names(packages: Iterable[tuple[str, str]]) -> list[str]:
    """The entry's name for each (publisher, package): the bare name, and `publisher.package` for a second of that name."""
    taken: set[str] = set()
    names = []
    for publisher, package in packages:
        name = package if package not in taken else f"{publisher}.{package}"
        taken.add(name)
        names.append(name)
    return names
