"""What a package could have reached on a machine, and so what whoever had it should replace or look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.domain.capabilities import Family, Reach

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.capabilities import CapabilitySet

NAMED_MOST = 12
ORDER = (
    Family.SECRETS,
    Family.SERVERS,
    Family.SHELL,
    Family.FILES,
    Family.NETWORK,
    Family.HOOKS,
    Family.FETCH,
    Family.BYPASS,
)
"""What has to be replaced comes before what has to be looked at."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """One family that the stopped versions could use: how bounded, and which (`named`, at most NAMED_MOST)."""

    family: str
    reach: str
    named: tuple[str, ...]


def exposures_of(sets: Iterable[CapabilitySet]) -> list[Exposure]:
    """What several versions could reach together, what to replace first."""
    reaches: dict[Family, Reach] = {}
    named: dict[Family, set[str]] = {}
    for found in sets:
        for family, level in found.levels().items():
            reaches[family] = max(level.reach, reaches.get(family, Reach.NONE))
        for item in found:
            if item.what and item.what != "*":
                named.setdefault(item.family, set()).add(item.what)
    return [
        Exposure(family.value, reaches[family].word, tuple(sorted(named.get(family, ()))[:NAMED_MOST]))
        for family in ORDER
        if reaches.get(family, Reach.NONE) != Reach.NONE
    ]
