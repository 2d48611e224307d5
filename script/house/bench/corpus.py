"""A corpus to search in: names, one-line summaries and popularity, from a file or made up (the same every time)."""

from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from house.console import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

WORD = re.compile(r"[a-z][a-z0-9]{3,}")
SYLLABLES = "ba co de fi gu ha jo ka li mo nu pa qui ro se ti vo wen xa ze".split()
MOST_NAME = 60
NOUNS = 20_000
LEVEL = 7
FEW, SOME, COMMON = 3, 20, 30


@dataclass(frozen=True, slots=True)
class Item:
    """One package to be found."""

    name: str
    summary: str
    popularity: int


@dataclass(frozen=True, slots=True)
class Questions:
    """What is asked of a corpus, each kind with its items: a query, and the name that is meant, if any."""

    common: Sequence[tuple[str, str]]
    rare: Sequence[tuple[str, str]]
    names: Sequence[tuple[str, str]]
    summaries: Sequence[tuple[str, str]]
    swapped: Sequence[tuple[str, str]]


def read(path: Path | None, count: int) -> list[Item]:
    """The first `count` items of a file of `name<TAB>summary<TAB>popularity` lines, or made-up ones; raises Refused."""
    found: dict[str, Item] = {}
    for name, summary, popularity in _lines(path) if path else _made():
        plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:MOST_NAME].rstrip("-")
        if plain and plain not in found:
            found[plain] = Item(plain, summary.replace("\\", " ")[:300], popularity)
        if len(found) == count:
            return list(found.values())
    raise Refused(f"There are only {len(found)} different names.")


def _lines(path: Path) -> Iterator[tuple[str, str, int]]:
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            parts = line.rstrip("\n").split("\t")
            try:
                yield parts[0], parts[1], int(float(parts[2]))
            except (IndexError, ValueError) as error:
                raise Refused(f"{path}, line {number}: wanted are name, summary and a number, with tabs.") from error


def _made() -> Iterator[tuple[str, str, int]]:
    chance = random.Random(7)  # noqa: S311  (no secret)
    words = sorted({"".join(chance.choices(SYLLABLES, k=chance.choice((2, 3, 3, 4)))) for _ in range(NOUNS)})
    chance.shuffle(words)
    weights = [1 / (rank + LEVEL) for rank in range(len(words))]
    while True:
        told = chance.choices(words, weights, k=chance.randint(8, 14))
        name = "-".join(chance.choices(words, k=2))
        yield name, " ".join(told), int(chance.paretovariate(0.6))


def questions(items: Sequence[Item], each: int) -> Questions:
    """At most `each` questions of a kind."""
    chance = random.Random(11)  # noqa: S311  (no secret)
    counts = Counter(word for item in items for word in set(WORD.findall(item.summary.lower())))
    chosen = chance.sample(list(items), min(each, len(items)))
    told = [(item, sorted(set(WORD.findall(item.summary.lower())), key=lambda word: counts[word])) for item in chosen]
    return Questions(
        common=[(word, "") for word, _count in counts.most_common(COMMON)],
        rare=[(" ".join(words[:2]), "") for _item, words in told if len(words) >= FEW],
        names=[(item.name, item.name) for item in chosen],
        summaries=[(" ".join(chance.sample(words, FEW)), item.name) for item, words in told if len(words) >= FEW],
        swapped=[(_swap(item.name, chance), item.name) for item in chosen if len(item.name) > FEW],
    )


def _swap(name: str, chance: random.Random) -> str:
    """Two neighbouring letters change places."""
    places = [at for at in range(1, len(name) - 1) if name[at] != name[at + 1] and "-" not in name[at : at + 2]]
    if not places:
        return name
    at = chance.choice(places)
    return name[:at] + name[at + 1] + name[at] + name[at + 2 :]
