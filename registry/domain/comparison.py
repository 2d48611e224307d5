"""Two versions of a package side by side: levels, capabilities gained, lost and raised, context cost, changed files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.domain.capabilities import CapabilitySet, Family, Reach, Row, rows_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.capabilities.sets import Level

RUNS = frozenset({"exec", "download"})


@dataclass(frozen=True, slots=True)
class Column:
    """One family in both: `move` is new, wider, dropped, narrower or empty."""

    family: Family
    before: Level
    after: Level
    move: str

    @property
    def direction(self) -> str:
        """`up` for more, `down` for less, empty for the same."""
        return {"new": "up", "wider": "up", "dropped": "down", "narrower": "down"}.get(self.move, "")


@dataclass(frozen=True, slots=True)
class Cost:
    """The context cost of one part before and after, in estimated tokens."""

    kind: str
    name: str
    before: int
    after: int

    @property
    def change(self) -> int:
        """How many more."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Comparison:
    """What changed of what a package can do."""

    columns: tuple[Column, ...]
    gained: tuple[Row, ...]
    raised: tuple[Row, ...]
    lost: tuple[Row, ...]
    costs: tuple[Cost, ...]
    is_wider: bool

    @property
    def is_same(self) -> bool:
        """Whether both can do the same."""
        return not (self.gained or self.raised or self.lost)

    @property
    def always_before(self) -> int:
        """Tokens in every conversation before."""
        return sum(cost.before for cost in self.costs)

    @property
    def always_after(self) -> int:
        """Tokens in every conversation after."""
        return sum(cost.after for cost in self.costs)

    @property
    def always_change(self) -> int:
        """How many more."""
        return self.always_after - self.always_before


def compare(
    before: CapabilitySet,
    after: CapabilitySet,
    parts_before: Iterable[dict[str, Any]],
    parts_after: Iterable[dict[str, Any]],
) -> Comparison:
    """From `before` to `after`; `parts_…` are the versions' context parts."""
    changes = before.changes(after)
    old, new = before.levels(), after.levels()
    return Comparison(
        columns=tuple(Column(family, old[family], new[family], _move(old[family], new[family])) for family in Family),
        gained=tuple(rows_of(changes.gained)),
        raised=tuple(rows_of(now for _, now in changes.raised)),
        lost=tuple(rows_of(changes.lost)),
        costs=_costs(parts_before, parts_after),
        is_wider=not before.contains(after),
    )


def _move(old: Level, new: Level) -> str:
    if old.reach == new.reach:
        more = (new.autonomy or 0) - (old.autonomy or 0)
        return "wider" if more > 0 else "narrower" if more < 0 else ""
    if old.reach == Reach.NONE:
        return "new"
    if new.reach == Reach.NONE:
        return "dropped"
    return "wider" if new.reach > old.reach else "narrower"


def _costs(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> tuple[Cost, ...]:
    old = {(part["kind"], part["name"]): part["always"] for part in before}
    new = {(part["kind"], part["name"]): part["always"] for part in after}
    return tuple(Cost(kind, name, old.get((kind, name), 0), new.get((kind, name), 0)) for kind, name in {**new, **old})


def read_by(path: str, capabilities: CapabilitySet, parts: Iterable[dict[str, Any]]) -> str:
    """Who reads the file: `runs` (a shell, unasked), `connects`, `prompt` (a model), `script`; empty: nobody."""
    mine = [item for item in capabilities if any(place.path == path for place in item.places)]
    if any(item.kind in RUNS and item.autonomy.word == "unasked" for item in mine):
        return "runs"
    if any(item.kind == "net" for item in mine):
        return "connects"
    if any(part["path"] == path for part in parts) or path.endswith((".md", ".mdc", ".toml")):
        return "prompt"
    return "script" if mine else ""
