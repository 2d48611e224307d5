"""Sets of capabilities: one digest for equal ones, and whether one set holds everything of another."""

from __future__ import annotations

import fnmatch
import hashlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from registry.domain.capabilities.model import ALL, ANY, PLACES_MOST, Autonomy, Capability, Family, Reach
from registry.domain.capabilities.tools import is_read_only

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

EVERY_TOOL = (Family.SHELL, Family.FILES, Family.NETWORK)
EVERY_MATCH = frozenset({"", "*", ".*"})


@dataclass(frozen=True, slots=True)
class Level:
    """The most that a set does in one family."""

    reach: Reach = Reach.NONE
    autonomy: Autonomy | None = None


@dataclass(frozen=True, slots=True)
class Changes:
    """What a second set does that a first does not, no longer does, or does with fewer questions (before, after)."""

    gained: tuple[Capability, ...]
    lost: tuple[Capability, ...]
    raised: tuple[tuple[Capability, Capability], ...]

    @property
    def is_wider(self) -> bool:
        """Whether the second asks for more."""
        return bool(self.gained or self.raised)


@dataclass(frozen=True, slots=True)
class CapabilitySet:
    """Capabilities, each once: the same one met twice keeps the greater autonomy and reach, and both places."""

    items: tuple[Capability, ...] = field(default=())

    @classmethod
    def of(cls, found: Iterable[Capability]) -> CapabilitySet:
        """The set of what was found, in the order of families, autonomy and names."""
        merged: dict[tuple[str, str, str, str], Capability] = {}
        for item in found:
            before = merged.get(item.key)
            merged[item.key] = item if before is None else _merged(before, item)
        return cls(tuple(sorted(merged.values(), key=_order)))

    @classmethod
    def of_json(cls, rows: Iterable[dict[str, Any]]) -> CapabilitySet:
        """The set that `as_json` wrote."""
        return cls(tuple(map(Capability.of_json, rows)))

    def as_json(self) -> list[dict[str, Any]]:
        """JSON-able, stable."""
        return [item.as_json() for item in self.items]

    def __iter__(self) -> Iterator[Capability]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over names and autonomy; places do not count, so moved lines change nothing."""
        lines = sorted("\0".join((*item.key, item.autonomy.word)) for item in self.items)
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()

    def contains(self, other: CapabilitySet) -> bool:
        """Whether whoever agreed to this set has agreed to everything in `other`."""
        return all(any(covers(mine, theirs) for mine in self.items) for theirs in other.items)

    def changes(self, after: CapabilitySet) -> Changes:
        """From this set to `after`."""
        mine, theirs = {item.key: item for item in self.items}, {item.key: item for item in after.items}
        raised = tuple(
            (mine[item.key], item)
            for item in after.items
            if item.key in mine and item.autonomy > mine[item.key].autonomy and not _covered(item, self.items)
        )
        gained = (item for item in after.items if item.key not in mine and not _covered(item, self.items))
        lost = (item for item in self.items if item.key not in theirs and not _covered(item, after.items))
        return Changes(tuple(gained), tuple(lost), raised)

    def levels(self) -> dict[Family, Level]:
        """The level of each of the eight families."""
        found = dict.fromkeys(Family, Level())
        for item in self.items:
            for family in families_of(item):
                before = found[family]
                autonomy = max(before.autonomy or item.autonomy, item.autonomy)
                if item.reach > Reach.NONE:
                    found[family] = Level(max(before.reach, item.reach), autonomy)
        return found

    @property
    def strip(self) -> str:
        """Eight letters, one a family: n, l, b, u."""
        return "".join(level.reach.letter for level in self.levels().values())

    @property
    def autonomy(self) -> Autonomy:
        """The greatest autonomy of anything in the set."""
        return max((item.autonomy for item in self.items), default=Autonomy.ASKS_FIRST)

    @property
    def has_every_tool(self) -> bool:
        """Whether something in it may use every tool."""
        return any(item.kind == "tool" and item.what == ALL for item in self.items)

    @property
    def is_quiet(self) -> bool:
        """Low reach: nothing unasked, nothing approved beforehand, only tools that read."""
        return all(
            item.autonomy == Autonomy.ASKS_FIRST and (item.kind not in QUIET_TOOLS or is_read_only(item.what))
            for item in self.items
        )


QUIET_TOOLS = frozenset({"tool", "permission-mode", "exec"})


def covers(mine: Capability, theirs: Capability) -> bool:
    """Whether agreeing to `mine` means having agreed to `theirs`: no less autonomous, the same thing or a wider one."""
    if mine.autonomy < theirs.autonomy:
        return False
    if mine.kind in {"tool", "preapproved"} and theirs.kind in {"tool", "preapproved"}:
        return _tool_covers(mine, theirs)
    if (mine.kind, mine.form) != (theirs.kind, theirs.form):
        return False
    same_detail = mine.detail == theirs.detail or (mine.form == "hook" and _hook_covers(mine.detail, theirs.detail))
    return same_detail and (mine.what == theirs.what or (mine.what == ANY and mine.kind in {"net", "env"}))


def _tool_covers(mine: Capability, theirs: Capability) -> bool:
    if mine.kind == "tool" and theirs.kind == "preapproved":
        return False
    if mine.form != theirs.form:
        return False
    if mine.what in {ALL, theirs.what}:
        return True
    name, _, bound = mine.what.partition("(")
    other, _, other_bound = theirs.what.partition("(")
    if name != other:
        return name.startswith("mcp__") and name.endswith("*") and other.startswith(name.rstrip("*"))
    bound, other_bound = bound.rstrip(")"), other_bound.rstrip(")")
    return bound in EVERY_MATCH or (":*" in bound and _words(other_bound, bound.removesuffix(":*")))


def _words(other: str, prefix: str) -> bool:
    return other == prefix or other.startswith((f"{prefix} ", f"{prefix}:"))


def _hook_covers(mine: str, theirs: str) -> bool:
    event, _, matcher = mine.partition(" ")
    other, _, narrower = theirs.partition(" ")
    return event == other and (matcher in EVERY_MATCH or fnmatch.fnmatchcase(narrower, matcher))


def _covered(item: Capability, others: tuple[Capability, ...]) -> bool:
    return any(covers(other, item) for other in others)


def families_of(item: Capability) -> tuple[Family, ...]:
    """The families that a capability lights: its own, and those that it means besides."""
    if item.kind == "tool" and item.what == ALL:
        return EVERY_TOOL
    if item.kind == "preapproved" and item.family == Family.SHELL and item.reach == Reach.BROAD:
        return (Family.SHELL, Family.BYPASS)
    if item.kind == "preapproved" and item.what == ALL:
        return (*EVERY_TOOL, Family.BYPASS)
    if item.kind == "exec" and item.form == "remote":
        return (Family.SERVERS, Family.NETWORK)
    return (item.family,)


def _merged(before: Capability, item: Capability) -> Capability:
    places = tuple(dict.fromkeys((*before.places, *item.places)))[:PLACES_MOST]
    return replace(
        before, autonomy=max(before.autonomy, item.autonomy), reach=max(before.reach, item.reach), places=places
    )


def _order(item: Capability) -> tuple[int, int, tuple[str, str, str, str]]:
    return (-item.autonomy, list(Family).index(item.family), item.key)


def levels_of(strip: str) -> dict[str, str]:
    """A stored strip as words by family; empty for a version that was never read."""
    words = {reach.letter: reach.word for reach in Reach}
    return {family.value: words[letter] for family, letter in zip(Family, strip, strict=False)}


def reaches_of(strip: str) -> dict[str, str]:
    """As `levels_of`, without the families that the version does not touch."""
    return {family: word for family, word in levels_of(strip).items() if word != Reach.NONE.word}
