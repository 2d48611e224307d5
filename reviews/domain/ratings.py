"""The numbers of reviews: what is shown (plain mean, histogram), what ranks (Bayesian mean), what helps (Wilson)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

STARS = (1, 2, 3, 4, 5)
PRIOR_COUNT = 10.0
"""How many average reviews a package starts with when it is ranked."""
WEIGHT_VERIFIED = 1.0
WEIGHT_INSTALLED = 0.5
CURRENT_MINOR = 1.5
HALF_LIFE_DAYS = 365.0
Z95 = 1.959963984540054
SCALE = 1000
"""Ranks are kept as integers: thousandths of a star."""


@dataclass(frozen=True, slots=True)
class Rated:
    """One counted review: its stars, whether its use is verified, its age in days, whether it is of this minor."""

    stars: int
    is_verified: bool = False
    age_days: float = 0.0
    is_current: bool = False

    @property
    def weight(self) -> float:
        """How much it counts when packages are ranked; halves every HALF_LIFE_DAYS."""
        kept = WEIGHT_VERIFIED if self.is_verified else WEIGHT_INSTALLED
        fresh = math.pow(0.5, max(self.age_days, 0.0) / HALF_LIFE_DAYS)
        return kept * (CURRENT_MINOR if self.is_current else 1.0) * fresh


def bayesian(rated: Iterable[Rated], *, mean: float) -> float:
    """`(C·m + Σw·r) / (C + Σw)` with C = 10 and m = `mean`, the mean of all packages of the kind; between 1 and 5."""
    total, weights = PRIOR_COUNT * mean, PRIOR_COUNT
    for one in rated:
        total += one.weight * one.stars
        weights += one.weight
    return total / weights


def wilson(good: int, count: int) -> float:
    """The lower bound of the share of `good` among `count` with 95 % confidence; 0 for none (Wilson 1927)."""
    if not count:
        return 0.0
    share = good / count
    square = Z95 * Z95
    centre = share + square / (2 * count)
    spread = Z95 * math.sqrt((share * (1 - share) + square / (4 * count)) / count)
    return max((centre - spread) / (1 + square / count), 0.0)


def histogram(counts: Sequence[int]) -> list[tuple[int, int, int]]:
    """(stars, count, percent) from five to one; `counts` begins with one star. Percents are rounded down."""
    total = sum(counts)
    return [(stars, counts[stars - 1], counts[stars - 1] * 100 // total if total else 0) for stars in reversed(STARS)]


def minor_of(number: str) -> str:
    """`2.4` of `2.4.1-rc.1`: reviews of one minor version speak of the same thing."""
    return ".".join(number.split("-", 1)[0].split(".")[:2])
