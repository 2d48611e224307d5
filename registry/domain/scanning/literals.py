"""What every match of a pattern must contain, so that most patterns need not be tried on most files.

Looking for a few letters is a hundred times quicker than running a pattern. The letters are read from the pattern
itself, so none can be forgotten when a rule changes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import accumulate
from re import _constants as op  # type: ignore[attr-defined]  # the parser's own words; there are no public ones
from re import _parser  # type: ignore[attr-defined]  # the parser of `re`; nothing public reads a pattern
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SHORTEST = 3
MOST = 120


class Promise(Protocol):
    """What the matches of a rule must contain."""

    @property
    def literals(self) -> frozenset[str]:
        """As `literals_of` has them."""


def folded(text: str) -> str:
    """The text in the form in which literals are looked for."""
    return text.lower() if text.isascii() else text.casefold()


def literals_of(pattern: re.Pattern[str]) -> frozenset[str]:
    """Folded texts of which every match contains at least one; empty when the pattern promises none."""
    found = _of(list(_parser.parse(pattern.pattern, pattern.flags)))
    return found if found and _worth(found) >= SHORTEST and len(found) <= MOST else frozenset()


def may_match(literals: frozenset[str], text: str) -> bool:
    """Whether a pattern with these literals can match the folded text at all."""
    return not literals or any(literal in text for literal in literals)


@dataclass(frozen=True, slots=True)
class Lines:
    """Texts of which each is matched alone, put together for looking."""

    folded: str
    starts: list[int]
    known: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Lines:
        """Put them together, with where each begins in the folded text."""
        plain = [folded(text) for text in texts]
        starts = [0, *accumulate(len(text) + 1 for text in plain[:-1])]
        return cls("\n".join(plain), starts)

    def that_may_match(self, rule: Promise) -> Iterable[int]:
        """The places of the texts that the rule can match, in order."""
        if not rule.literals:
            return range(len(self.starts))
        return sorted({place for literal in rule.literals for place in self._places(literal)})

    def _places(self, literal: str) -> list[int]:
        if literal not in self.known:
            self.known[literal] = list(self._looked_for(literal))
        return self.known[literal]

    def _looked_for(self, literal: str) -> Iterator[int]:
        at = self.folded.find(literal)
        while at >= 0:
            place = bisect_right(self.starts, at) - 1
            yield place
            if place + 1 == len(self.starts):
                return
            at = self.folded.find(literal, self.starts[place + 1])


def _of(items: list[Any]) -> frozenset[str]:
    """The best set that the parts of a sequence promise."""
    promised: list[frozenset[str]] = []
    run = ""
    for code, value in [*items, (op.ANY, None)]:
        if code is op.LITERAL:
            run += chr(value)
            continue
        if run:
            promised.append(frozenset({folded(run)}))
            run = ""
        inner = _inner(code, value)
        if inner:
            promised.append(inner)
    return max(promised, key=_rank, default=frozenset())


def _inner(code: Any, value: Any) -> frozenset[str]:
    if code is op.SUBPATTERN:
        return _of(list(value[3]))
    if code is op.ATOMIC_GROUP:
        return _of(list(value))
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        least, _, body = value
        return _of(list(body)) if least else frozenset()
    if code is op.BRANCH:
        sets = [_of(list(branch)) for branch in value[1]]
        return frozenset().union(*sets) if all(sets) else frozenset()
    return frozenset()


def _worth(found: frozenset[str]) -> int:
    return min(map(len, found), default=0)


def _rank(found: frozenset[str]) -> tuple[int, int]:
    return min(_worth(found), 6), -len(found)
