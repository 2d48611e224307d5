"""The query language of npm's search: words, and qualifiers such as `scope:acme` or `keywords:review`."""

from __future__ import annotations

from dataclasses import dataclass

SIZE = 20
SIZE_MOST = 250
WORDS_MOST = 8
FROM_MOST = 10_000
PUBLISHER = frozenset({"scope", "author", "maintainer"})


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: every word must be met; publisher and keywords narrow further."""

    words: tuple[str, ...] = ()
    publisher: str = ""
    keywords: tuple[str, ...] = ()
    size: int = SIZE
    offset: int = 0


def query_of(text: str, *, size: str = "", offset: str = "") -> Query:
    """Read the parameters of a search; numbers out of range are brought into it, unknown qualifiers are left out."""
    words: list[str] = []
    publisher, keywords = "", tuple[str, ...]()
    for word in text.replace("\0", " ").split():
        name, colon, value = word.partition(":")
        if not colon:
            words.append(word)
        elif name in PUBLISHER:
            publisher = value.removeprefix("@")
        elif name == "keywords":
            keywords = tuple(filter(None, value.split(",")))
    limits = _number(size, SIZE, SIZE_MOST), _number(offset, 0, FROM_MOST)
    return Query(tuple(words[:WORDS_MOST]), publisher, keywords, *limits)


def _number(text: str, default: int, most: int) -> int:
    return min(int(text), most) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) + 2 else default
