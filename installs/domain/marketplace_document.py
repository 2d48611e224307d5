"""The marketplace.json that Claude Code and Codex read, as data (Claude Code's plugin marketplace schema)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count, islice
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PLACE = ".claude-plugin/marketplace.json"
NAME = re.compile(r"[A-Za-z0-9][-A-Za-z0-9._]*", re.ASCII)
NAME_MOST = 128
OWN_FACTS = frozenset({"name", "source", "version", "headers", "headersHelper"})


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip at an https address with the SHA-256 (hex) of its bytes, and the headers with which clients ask for it."""

    url: str
    sha256: str
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """One plugin on offer; `source` is a folder of the same repository (empty: its root) or an archive elsewhere.

    `facts` are what an entry says besides (`registry.domain.formats.plugin_entry`); they replace nothing named here.
    """

    name: str
    version: str
    source: str | Archive
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The entry; raises ValueError for a name or folder that clients refuse."""
        if not is_name(self.name):
            raise ValueError(f"not a plugin name: {self.name!r}")
        named: dict[str, Any] = {"name": self.name, "source": self._source(), "version": self.version}
        if isinstance(self.source, Archive) and self.source.headers:
            named["headers"] = dict(self.source.headers)
        return named | {key: value for key, value in sorted(self.facts.items()) if key not in OWN_FACTS}

    def _source(self) -> str | dict[str, str]:
        if isinstance(self.source, Archive):
            return {"source": "archive", "url": self.source.url, "sha256": self.source.sha256}
        if self.source.startswith("/") or ".." in self.source:
            raise ValueError(f"not a folder of the repository: {self.source!r}")
        return f"./{self.source}"


@dataclass(frozen=True, slots=True)
class MarketplaceDocument:
    """A marketplace: its name, whose it is, and its entries in the order in which clients list them.

    `renames` leads from names that entries may have had before to those that they have now.
    """

    name: str
    owner: str
    description: str
    entries: tuple[Entry, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The document; raises ValueError for names that clients refuse or that stand twice.

        `forceRemoveDeletedPlugins` makes clients turn off what has left the marketplace.
        """
        names = [entry.name for entry in self.entries]
        if not is_name(self.name) or len(set(names)) != len(names):
            raise ValueError(f"not a marketplace: {self.name!r}")
        told: dict[str, Any] = {
            "name": self.name,
            "owner": {"name": self.owner or self.name},
            "description": self.description,
            "forceRemoveDeletedPlugins": True,
        }
        if self.renames:
            told["renames"] = dict(self.renames)
        return told | {"plugins": [entry.as_json() for entry in self.entries]}


def is_name(text: str) -> bool:
    """Whether clients take the text as the name of a plugin or a marketplace."""
    return NAME.fullmatch(text) is not None and len(text) <= NAME_MOST and ".." not in text


def entry_names(packages: Iterable[tuple[str, str]], *, marketplace: str) -> list[str]:
    """The entry name of each (publisher, package), in order: bare; `<publisher>.<package>` for the second of two equal.

    A package called as the marketplace itself counts as the second. Names that differ in case only count as equal, and
    two dots in a row, which clients refuse, become one.
    """
    taken = {marketplace.casefold()}
    names = []
    for publisher, package in packages:
        name = next(name for name in _candidates(publisher, package) if name.casefold() not in taken)
        taken.add(name.casefold())
        names.append(name)
    return names


def former_names(packages: Iterable[tuple[str, str]], names: Iterable[str]) -> dict[str, str]:
    """From `<publisher>.<package>` to the bare name, for entries that have it now and were the second before.

    So what was installed under the long name goes on as the same package when the first of two leaves a library.
    """
    present = list(names)
    taken = {name.casefold() for name in present}
    found = {}
    for (publisher, package), name in zip(packages, present, strict=True):
        bare, long = islice(_candidates(publisher, package), 2)
        if name == bare and long.casefold() not in taken:
            found[long] = bare
    return found


def _candidates(publisher: str, package: str) -> Iterator[str]:
    plain = re.sub(r"\.{2,}", ".", package)
    yield plain
    yield f"{publisher}.{plain}"
    for number in count(2):
        yield f"{publisher}.{plain}-{number}"


def package_marketplace(publisher: str, package: str) -> str:
    """The marketplace name of `/git/<publisher>/<package>.git`; a publisher's own is called as the publisher."""
    return re.sub(r"\.{2,}", ".", f"{publisher}.{package}")
