"""What every match of a pattern must contain, so that most patterns need not be tried on most files.

Looking for a few letters is a hundred times quicker than running a pattern. The letters are read from the pattern
itself, so none can be forgotten when a rule changes.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from itertools import accumulate
from re import _constants as op  # type: ignore[attr-defined]  # the parser's own words; there are no public ones
from re import _parser  # type: ignore[attr-defined]  # the parser of `re`; nothing public reads a pattern
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

SHORTEST = 3
PAIR = 2
MOST = 120
SETS_MOST = 3
WORD = re.compile(r"\w+")


class Promise(Protocol):
    """What the matches of a rule must contain."""

    @property
    def literals(self) -> tuple[frozenset[str], ...]:
        """As `literals_of` has them."""


def folded(text: str) -> str:
    """The text in the form in which literals are looked for."""
    return text.lower() if text.isascii() else text.casefold()


def literals_of(pattern: re.Pattern[str]) -> tuple[frozenset[str], ...]:
    """Sets of folded texts: every match contains at least one text of each; no set when the pattern promises none.

    The most telling ones, SETS_MOST at most; those of two letters only where there is nothing longer.
    """
    promised = _all_of(list(_parser.parse(pattern.pattern, pattern.flags)))
    few = [found for found in dict.fromkeys(promised) if len(found) <= MOST]
    useful = [found for found in few if _worth(found) >= SHORTEST] or [found for found in few if _worth(found) == PAIR]
    return tuple(sorted(useful, key=_rank, reverse=True)[:SETS_MOST])


def least_of(pattern: re.Pattern[str]) -> int:
    """How long a match is at least."""
    return int(_parser.parse(pattern.pattern, pattern.flags).getwidth()[0])


def may_match(literals: Iterable[frozenset[str]], text: str) -> bool:
    """Whether a pattern with these literals can match the folded text at all."""
    return all(any(literal in text for literal in found) for found in literals)


@cache
def _longest_word(literal: str) -> str:
    return max(WORD.findall(literal), key=len, default="")


@dataclass(frozen=True, slots=True)
class Lines:
    """Texts of which each is matched alone, put together for looking; `words` are those in them, each once."""

    folded: str
    starts: list[int]
    words: str
    known: dict[str, list[int]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Lines:
        """Put them together, with where each begins in the folded text."""
        plain = [folded(text) for text in texts]
        starts = [0, *accumulate(len(text) + 1 for text in plain[:-1])]
        joined = "\n".join(plain)
        return cls(joined, starts, " ".join(dict.fromkeys(WORD.findall(joined))))

    def that_may_match(self, rule: Promise) -> Iterable[int]:
        """The places of the texts that the rule can match, in order."""
        if not rule.literals:
            return range(len(self.starts))
        places: set[int] | None = None
        for found in rule.literals:
            mine = {place for literal in found for place in self._places(literal)}
            places = mine if places is None else places & mine
            if not places:
                return ()
        return sorted(places or ())

    def _places(self, literal: str) -> list[int]:
        if literal not in self.known:
            is_there = _longest_word(literal) in self.words
            self.known[literal] = list(self._looked_for(literal)) if is_there else []
        return self.known[literal]

    def _looked_for(self, literal: str) -> Iterator[int]:
        at = self.folded.find(literal)
        while at >= 0:
            place = bisect_right(self.starts, at) - 1
            yield place
            if place + 1 == len(self.starts):
                return
            at = self.folded.find(literal, self.starts[place + 1])


def _all_of(items: list[Any]) -> list[frozenset[str]]:
    """Everything that the parts of a sequence promise."""
    promised: list[frozenset[str]] = []
    run = ""
    for code, value in [*items, (op.ANY, None)]:
        if code is op.LITERAL:
            run += chr(value)
            continue
        if run:
            promised.append(frozenset({folded(run)}))
            run = ""
        promised += _inner(code, value)
    return promised


def _inner(code: Any, value: Any) -> list[frozenset[str]]:
    if code is op.SUBPATTERN:
        return _all_of(list(value[3]))
    if code is op.ATOMIC_GROUP:
        return _all_of(list(value))
    if code in {op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT}:
        least, _, body = value
        return _all_of(list(body)) if least else []
    if code is op.BRANCH:
        sets = [max(_all_of(list(branch)), key=_rank, default=frozenset()) for branch in value[1]]
        return [frozenset().union(*sets)] if all(sets) else []
    return []


def _worth(found: frozenset[str]) -> int:
    return min(map(len, found), default=0)


def _rank(found: frozenset[str]) -> tuple[int, int]:
    return min(_worth(found), 6), -len(found)
