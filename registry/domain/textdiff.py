"""The difference of two texts as lines to read: with numbers, the changed words marked, equal stretches folded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LINES_MOST = 3000
LINE_MOST = 1000
SHOWN_MOST = 400
AROUND = 3
ALIKE = 0.4
WORDS_MOST = 300
WORD = re.compile(r"\w+|\s+|[^\w\s]")
Kind = Literal["same", "del", "add", "skip"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line, and whether it is what changed."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number in the text that it comes from; a `skip` stands for `count` equal lines."""

    kind: Kind
    number: int
    pieces: tuple[Piece, ...]
    count: int = 0


def text_difference(before: str, after: str) -> tuple[Line, ...] | None:
    """The lines that differ with AROUND equal ones on both sides; None when the texts are too long to show."""
    old, new = before.splitlines(), after.splitlines()
    if max(len(old), len(new)) > LINES_MOST:
        return None
    lines = tuple(_lines(old, new))
    return lines if len(lines) <= SHOWN_MOST else (*lines[:SHOWN_MOST], Line("skip", 0, (), len(lines) - SHOWN_MOST))


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    shown = 0
    for group in matcher.get_grouped_opcodes(AROUND):
        start = group[0][3]
        if start > shown:
            yield Line("skip", 0, (), start - shown)
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                yield from (Line("same", j + 1, (_piece(new[j]),)) for j in range(j1, j2))
            else:
                yield from _changed(old[i1:i2], new[j1:j2], i1, j1)
        shown = group[-1][4]
    if shown and shown < len(new):
        yield Line("skip", 0, (), len(new) - shown)


def _changed(old: Sequence[str], new: Sequence[str], first_old: int, first_new: int) -> Iterator[Line]:
    marked = [_marked(a, b) for a, b in zip(old, new, strict=False)]
    for at, text in enumerate(old):
        yield Line("del", first_old + at + 1, marked[at][0] if at < len(marked) else (_piece(text),))
    for at, text in enumerate(new):
        yield Line("add", first_new + at + 1, marked[at][1] if at < len(marked) else (_piece(text),))


def _marked(old: str, new: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    """Both lines with the words that differ marked; unlike lines are left whole."""
    a, b = WORD.findall(old[:LINE_MOST]), WORD.findall(new[:LINE_MOST])
    whole = (_piece(old),), (_piece(new),)
    if max(len(a), len(b)) > WORDS_MOST:
        return whole
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < ALIKE:
        return whole
    left, right = [], []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if i2 > i1:
            left.append(Piece("".join(a[i1:i2]), tag != "equal"))
        if j2 > j1:
            right.append(Piece("".join(b[j1:j2]), tag != "equal"))
    return tuple(left), tuple(right)


def _piece(text: str) -> Piece:
    return Piece(text if len(text) <= LINE_MOST else f"{text[:LINE_MOST]}…")
