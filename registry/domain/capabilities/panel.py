"""A set as people read it: eight lamps, then one row for each thing it does, what happens by itself first."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from registry.domain.capabilities.model import ALL, ANY, Autonomy, Family, Place, Reach
from registry.domain.capabilities.sets import families_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.capabilities.model import Capability
    from registry.domain.capabilities.sets import CapabilitySet, Level

VALUES_MOST = 6
PLACES_MOST = 4
SILENT = frozenset({"always-on-context.descriptions"})
BY_DETAIL = frozenset({"exec.hook", "exec.hook-prompt", "exec.hook-agent", "exec.hook-mcp_tool"})


@dataclass(frozen=True, slots=True)
class Row:
    """One sentence: its code, the values in it and how many more there are, and where it is said."""

    code: str
    family: Family
    reach: Reach
    autonomy: Autonomy
    values: tuple[str, ...]
    more: int
    places: tuple[Place, ...]
    more_places: int
    lit: frozenset[Family] = frozenset()
    anchors: tuple[Family, ...] = ()


@dataclass(frozen=True, slots=True)
class Panel:
    """Lamps by family, rows by autonomy, families that nothing was found of."""

    lamps: tuple[tuple[Family, Level], ...]
    groups: tuple[tuple[Autonomy, tuple[Row, ...]], ...]
    absent: tuple[Family, ...]
    has_every_tool: bool


def panel_of(found: CapabilitySet) -> Panel:
    """The panel of a set."""
    levels = found.levels()
    rows = _anchored(rows_of(found))
    groups = tuple(
        (autonomy, mine)
        for autonomy in sorted(Autonomy, reverse=True)
        if (mine := tuple(row for row in rows if row.autonomy == autonomy))
    )
    absent = tuple(family for family, level in levels.items() if level.reach == Reach.NONE)
    return Panel(tuple(levels.items()), groups, absent, found.has_every_tool)


def rows_of(found: Iterable[Capability]) -> list[Row]:
    """A row for each sentence, those of one kind together, in the order of autonomy and family."""
    order = list(Family)
    told = sorted(
        (item for item in found if item.code not in SILENT),
        key=lambda item: (-item.autonomy, order.index(item.family), sentence_code(item), item.key),
    )
    grouped = groupby(told, key=lambda item: (item.autonomy, item.family, sentence_code(item)))
    return [_row(code, list(items)) for (_, _, code), items in grouped]


def _anchored(rows: list[Row]) -> list[Row]:
    """Each family's lamp leads to the first row that lights it."""
    led: set[Family] = set()
    found = []
    for row in rows:
        anchors = tuple(family for family in Family if family in row.lit - led)
        led.update(anchors)
        found.append(replace(row, anchors=anchors))
    return found


def sentence_code(item: Capability) -> str:
    """The code of the sentence; `all` and `any` are sentences of their own."""
    if item.what == ALL and item.kind in {"tool", "preapproved"}:
        return f"{item.code}.all"
    return f"{item.code}.any" if item.what == ANY else item.code


def _row(code: str, items: list[Capability]) -> Row:
    names = [item.detail if item.code in BY_DETAIL else item.what for item in items]
    values = tuple(dict.fromkeys(name for name in names if name))
    places = tuple(dict.fromkeys(place for item in items for place in item.places))
    return Row(
        code=code,
        family=items[0].family,
        reach=max(item.reach for item in items),
        autonomy=items[0].autonomy,
        values=values[:VALUES_MOST],
        more=max(len(values) - VALUES_MOST, 0),
        places=places[:PLACES_MOST],
        more_places=max(len(places) - PLACES_MOST, 0),
        lit=frozenset(family for item in items if item.reach > Reach.NONE for family in families_of(item)),
    )
