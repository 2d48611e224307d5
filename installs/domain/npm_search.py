"""The query language of npm's search: words, and qualifiers such as `scope:acme` or `keywords:review`; its scores."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

SIZE = 20
SIZE_MOST = 250
WORDS_MOST = 8
FROM_MOST = 1_000_000
TEXT_MOST = 400
PUBLISHER = frozenset({"scope", "author", "maintainer"})
LETTERS = re.compile(r"\w+")
FRESH_DAYS = 365
DOWNLOADS_TOP = 1_000_000


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: every word must be met; publisher, keywords and the two conditions narrow further."""

    words: tuple[str, ...] = ()
    publisher: str = ""
    keywords: tuple[str, ...] = ()
    is_unstable: bool | None = None
    is_secure: bool = False
    is_exact_first: bool = True
    size: int = SIZE
    offset: int = 0

    @property
    def name(self) -> str:
        """The package that the words name, lower case and without scope; empty when they cannot be a name."""
        return self.words[0].lower().rsplit("/", 1)[-1] if len(self.words) == 1 else ""

    @property
    def scope(self) -> str:
        """The scope that the words name."""
        whole = self.words[0].lower() if len(self.words) == 1 else ""
        return whole[1:].split("/", 1)[0] if whole.startswith("@") and "/" in whole else ""

    @property
    def prefixes(self) -> str:
        """The words as a PostgreSQL text query in which each may be the beginning of one; empty for no words."""
        return " & ".join(f"{part}:*" for word in self.words for part in LETTERS.findall(word))


def query_of(text: str, *, size: str = "", offset: str = "") -> Query:
    """Read the parameters of a search; numbers out of range are brought into it, unknown qualifiers are left out."""
    words: list[str] = []
    publisher = ""
    keywords: tuple[str, ...] = ()
    flags: set[str] = set()
    for word in text[:TEXT_MOST].replace("\0", " ").split():
        name, colon, value = word.partition(":")
        if not colon:
            words.append(word)
        elif name in PUBLISHER:
            publisher = value.removeprefix("@")
        elif name == "keywords":
            keywords = tuple(filter(None, value.split(",")))
        else:
            flags.add(word)
    return Query(
        words=tuple(words[:WORDS_MOST]),
        publisher=publisher,
        keywords=keywords,
        is_unstable={"is:unstable": True, "not:unstable": False}.get(next(iter(sorted(flags & UNSTABLE)), "")),
        is_secure="not:insecure" in flags,
        is_exact_first="boost-exact:false" not in flags,
        size=_number(size, SIZE, SIZE_MOST),
        offset=_number(offset, 0, FROM_MOST),
    )


UNSTABLE = frozenset({"is:unstable", "not:unstable"})


def _number(text: str, default: int, most: int) -> int:
    return min(int(text[:12]), most) if text.isascii() and text.isdigit() else default


@dataclass(frozen=True, slots=True)
class Score:
    """Three numbers from 0 to 1 as npm's search has them, each from facts of the package."""

    quality: float
    popularity: float
    maintenance: float

    @property
    def final(self) -> float:
        """Their mean."""
        return round((self.quality + self.popularity + self.maintenance) / 3, 4)


def score_of(*, described: int, of: int, downloads: int, days_old: int) -> Score:
    """The scores of one package.

    Quality: the share of the descriptive fields that are filled; popularity: downloads of thirty days on a logarithmic
    scale up to a million; maintenance: the newest version's age, 1 today and 0 after a year.
    """
    popularity = math.log1p(min(downloads, DOWNLOADS_TOP)) / math.log1p(DOWNLOADS_TOP)
    maintenance = max(0.0, 1 - days_old / FRESH_DAYS)
    return Score(round(described / of, 4), round(popularity, 4), round(maintenance, 4))
