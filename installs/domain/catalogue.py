"""The catalogue of the whole site: bounded, since clients refuse larger documents; what is in it stays in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

BYTES_MOST = 4 * 1024 * 1024
ADMITTED_MOST = BYTES_MOST * 7 // 8
"""New packages enter up to here; the rest is room in which entries that are in may grow."""

HEAD_MOST = 2000
SLIM = ("name", "source", "version", "dependencies")


def compact(value: Any) -> str:
    """JSON without spaces, as documents of many entries are written."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def size_of(body: str) -> int:
    """The bytes that an entry takes in a document."""
    return len(body.encode()) + 1


def admitted(taken: int, waiting: Iterable[tuple[int, int]]) -> list[int]:
    """Of the waiting (key, size) in their order, the keys that still fit beside `taken` bytes; smaller ones pass."""
    room = ADMITTED_MOST - HEAD_MOST - taken
    keys = []
    for key, size in waiting:
        if size <= room:
            keys.append(key)
            room -= size
    return keys


def fitted(bodies: Sequence[str], limit: int = BYTES_MOST - HEAD_MOST) -> list[str]:
    """The entries; beyond `limit` bytes the longest say only what clients need, and the last are left out."""
    sizes = [size_of(body) for body in bodies]
    excess = sum(sizes) - limit
    if excess <= 0:
        return list(bodies)
    kept = list(bodies)
    for place in sorted(range(len(kept)), key=lambda place: -sizes[place]):
        if excess <= 0:
            return kept
        kept[place] = slim(kept[place])
        excess -= sizes[place] - size_of(kept[place])
    while kept and excess > 0:
        excess -= size_of(kept.pop())
    return kept


def slim(body: str) -> str:
    """The entry without what only describes it."""
    told = json.loads(body)
    return compact({key: told[key] for key in SLIM if key in told})


def document(head: dict[str, Any], bodies: Iterable[str]) -> bytes:
    """The marketplace `head` (without plugins) around entries that are rendered already."""
    opening = compact(head | {"plugins": []}).removesuffix("]}")
    return f"{opening}{','.join(bodies)}]}}\n".encode()
