"""Collections: who may see them, what their addresses are made of, and what a set of packages can do together."""

from __future__ import annotations

import secrets
from enum import StrEnum
from typing import TYPE_CHECKING

from registry.domain.names import slugify

if TYPE_CHECKING:
    from collections.abc import Iterable

ENTRIES_MOST = 100
OWN_MOST = 100
TITLE_MOST = 80
NOTE_MOST = 300
SLUG_MOST = 64
MARKETPLACE = "collections"
"""No publisher can be called so: what clients call a collection's marketplace begins with it and an underscore."""

RESERVED = frozenset({"new", "mine"})
LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"
RANDOM = 10
REACH = "nlbu"


class Visibility(StrEnum):
    """Who finds a collection: everybody, whoever has its address, its owner alone."""

    PUBLIC = "public"
    UNLISTED = "unlisted"
    PRIVATE = "private"


class Shown(StrEnum):
    """Whether the site shows it: as its visibility says, not until moderation says so, never again."""

    SHOWN = "shown"
    HIDDEN = "hidden"
    DELETED = "deleted"


MOVES: dict[Shown, frozenset[Shown]] = {
    Shown.SHOWN: frozenset({Shown.HIDDEN, Shown.DELETED}),
    Shown.HIDDEN: frozenset({Shown.SHOWN, Shown.DELETED}),
    Shown.DELETED: frozenset(),
}


class Step(StrEnum):
    """Where an entry moves in the order."""

    TOP = "top"
    UP = "up"
    DOWN = "down"


def slug_unguessable(title: str) -> str:
    """An address for somebody's own collection: words of its title, then ten random characters (50 bits)."""
    tail = "".join(secrets.choice(LETTERS) for _ in range(RANDOM))
    return f"{slugify(title)[: SLUG_MOST - RANDOM - 1].rstrip('-') or 'collection'}-{tail}"


def slug_plain(title: str, taken: Iterable[str]) -> str:
    """An address for an editors' collection: the words of its title, and a number when those are taken."""
    base = slugify(title)[: SLUG_MOST - 4].rstrip("-") or "collection"
    used = RESERVED | set(taken)
    return next(slug for slug in (base, *(f"{base}-{number}" for number in range(2, 1000))) if slug not in used)


def marketplace_name(slug: str) -> str:
    """What clients call the marketplace of the collection: as no publisher can be called; Codex takes no dots."""
    return f"{MARKETPLACE}_{slug}"


def moved(keys: list[int], key: int, step: Step) -> list[int]:
    """The keys in their new order; at the end that it moves to, the key stays."""
    at = keys.index(key)
    to = {Step.TOP: 0, Step.UP: max(at - 1, 0), Step.DOWN: min(at + 1, len(keys) - 1)}[step]
    rest = [other for other in keys if other != key]
    return [*rest[:to], key, *rest[to:]]


def strip_together(strips: Iterable[str]) -> str:
    """What packages can do together: in each family the furthest reach of any; empty when none was read."""
    known = [strip for strip in strips if strip]
    return "".join(max(letters, key=REACH.index) for letters in zip(*known, strict=True))
