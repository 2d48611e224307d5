"""How results are ordered, and how that is said: the words first, then use. Payment and verification add nothing."""

from __future__ import annotations

import math
from typing import NamedTuple

EXACT = 1.0
NAME, ABOUT, INSIDE = 1.0, 0.6, 0.15
USE = 0.25
RATED_LEAST = 3
RATING_MIDDLE = 3.5
RATING_STEP = 0.05


class Evidence(NamedTuple):
    """What is known of one candidate; `name`, `about` and `inside` are PostgreSQL's ranks of its three texts."""

    key: int
    is_exact: bool = False
    name: float = 0.0
    about: float = 0.0
    inside: float = 0.0
    installs: int = 0
    rating: float | None = None
    rating_count: int = 0


class Why(NamedTuple):
    """The parts of a score, which is their sum; none is below zero but `rating`."""

    exact: float = 0.0
    name: float = 0.0
    about: float = 0.0
    inside: float = 0.0
    installs: float = 0.0
    rating: float = 0.0

    @property
    def score(self) -> float:
        """Higher is earlier."""
        return sum(self)

    @property
    def parts(self) -> list[tuple[str, float]]:
        """The parts that say something, the largest first."""
        named = zip(self._fields, self, strict=True)
        return sorted(((part, value) for part, value in named if round(value, 2)), key=lambda item: -item[1])


def why(found: Evidence) -> Why:
    """The parts of the candidate's score: its words, and how much use and ratings add to them."""
    name, about, inside = NAME * found.name, ABOUT * found.about, INSIDE * found.inside
    words = name + about + inside
    rated = found.rating if found.rating is not None and found.rating_count >= RATED_LEAST else RATING_MIDDLE
    return Why(
        exact=EXACT if found.is_exact else 0.0,
        name=name,
        about=about,
        inside=inside,
        installs=words * USE * math.log1p(found.installs),
        rating=words * RATING_STEP * (rated - RATING_MIDDLE),
    )
