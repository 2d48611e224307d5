"""Rules, hits and what a scan knows of the world besides the files."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

from registry.domain.scanning.literals import least_of, literals_of

HOLDS = 10
"""A hit of this weight holds the version by itself."""
EXCERPT_MOST = 160
Where = Literal["any", "code", "prose", "hidden"]


@dataclass(frozen=True, slots=True)
class Rule:
    """One pattern of what an attack does: its weight alone, and the tags by which it counts together with others.

    `unless` takes a line out, in which the pattern is named as something to avoid or to look for.
    """

    id: str
    code: str
    weight: int
    pattern: re.Pattern[str]
    tags: frozenset[str] = frozenset()
    where: Where = "any"
    unless: re.Pattern[str] | None = None
    literals: tuple[frozenset[str], ...] = ()
    least: int = 0


@dataclass(frozen=True, slots=True)
class Combo:
    """Tags that mean more together: within `lines` of each other, or anywhere in one script (0)."""

    id: str
    code: str
    weight: int
    tags: tuple[str, ...]
    lines: int = 0
    where: Where = "any"


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule met at a place; `weight` from HOLDS on holds, below it is told only."""

    rule: str
    code: str
    weight: int
    path: str
    line: int | None = None
    excerpt: str = ""
    tags: frozenset[str] = field(default_factory=frozenset)
    params: tuple[tuple[str, str], ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it holds the version."""
        return self.weight >= HOLDS


@dataclass(frozen=True, slots=True)
class Known:
    """What the scan is told besides the files: the package's own name, names worth imitating, hashes known as bad."""

    full_name: str = ""
    names: frozenset[str] = frozenset()
    publishers: frozenset[str] = frozenset()
    hashes: frozenset[str] = frozenset()


def rule(
    id: str,  # noqa: A002  (the word of the reports)
    code: str,
    weight: int,
    pattern: str,
    *,
    tags: str = "",
    where: Where = "any",
    unless: str = "",
    flags: int = re.IGNORECASE,
) -> Rule:
    """A rule from its pattern; patterns have bounded repetition only, so that none can run away."""
    negative = re.compile(unless, re.IGNORECASE) if unless else None
    made = re.compile(pattern, flags | re.MULTILINE)
    return Rule(id, code, weight, made, frozenset(tags.split()), where, negative, literals_of(made), least_of(made))


def excerpt(text: str, start: int = 0) -> str:
    """The text around a hit, on one line, printable."""
    shown = text[max(start - 40, 0) : max(start - 40, 0) + EXCERPT_MOST]
    return "".join(letter if letter.isprintable() else "·" for letter in shown).strip()
