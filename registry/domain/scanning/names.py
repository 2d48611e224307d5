"""Names that read like a well-known one: a letter off, look-alike letters, words in another order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.scanning.model import HOLDS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.scanning.model import Known

ALIKE = str.maketrans(
    {"0": "o", "1": "l", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "i": "l", "_": "-", ".": "-"}
)
SHORTEST = 6


def names_of(known: Known) -> Iterator[Hit]:
    """Whether the package's name, or its publisher's, imitates a known one."""
    publisher, _, name = known.full_name.removeprefix("@").partition("/")
    for mine, theirs, what in ((name, known.names, "package"), (publisher, known.publishers, "publisher")):
        other = imitated(mine, theirs)
        if other is not None:
            yield Hit(f"name.{what}", "MP3117", HOLDS, "", params=(("name", mine), ("other", other)))


def imitated(name: str, known: frozenset[str]) -> str | None:
    """The known name that `name` is one step from; None when it is known itself, too short, or like none."""
    if name in known or len(name) < SHORTEST:
        return None
    plain = skeleton(name)
    words = sorted(plain.split("-"))
    for other in known:
        if len(other) < SHORTEST:
            continue
        theirs = skeleton(other)
        if plain == theirs or is_one_step(plain, theirs):
            return other
        if len(words) > 1 and words == sorted(theirs.split("-")):
            return other
    return None


def skeleton(name: str) -> str:
    """The name with look-alike signs made one, and doubled letters single."""
    text = name.lower().translate(ALIKE).replace("rn", "m").replace("vv", "w")
    return "".join(letter for at, letter in enumerate(text) if at == 0 or letter != text[at - 1])


def is_one_step(a: str, b: str) -> bool:
    """Whether one letter added, left out, changed, or two neighbours swapped make one from the other."""
    if abs(len(a) - len(b)) > 1 or a == b:
        return a == b
    start = next((at for at, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    if len(a) == len(b):
        rest_a, rest_b = a[start:], b[start:]
        is_swapped = len(rest_a) > 1 and rest_a[0] == rest_b[1] and rest_a[1] == rest_b[0] and rest_a[2:] == rest_b[2:]
        return rest_a[1:] == rest_b[1:] or is_swapped
    longer, shorter = (a, b) if len(a) > len(b) else (b, a)
    return longer[start + 1 :] == shorter[start:]
