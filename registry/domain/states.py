"""The states of a version and the only moves between them (ARCHITECTURE, "Words")."""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a version is in its life."""

    DRAFT = "draft"
    RECEIVED = "received"
    SCANNING = "scanning"
    PUBLISHED = "published"
    HELD = "held"
    REJECTED = "rejected"
    YANKED = "yanked"
    QUARANTINED = "quarantined"
    REMOVED = "removed"
    UNPUBLISHED = "unpublished"


MOVES: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset({State.RECEIVED}),
    State.RECEIVED: frozenset({State.SCANNING, State.REJECTED}),
    State.SCANNING: frozenset({State.PUBLISHED, State.HELD, State.REJECTED, State.RECEIVED}),
    State.HELD: frozenset({State.SCANNING, State.PUBLISHED, State.REJECTED, State.REMOVED, State.UNPUBLISHED}),
    State.REJECTED: frozenset({State.PUBLISHED}),
    State.PUBLISHED: frozenset({State.YANKED, State.QUARANTINED, State.REMOVED, State.UNPUBLISHED}),
    State.YANKED: frozenset({State.PUBLISHED, State.QUARANTINED, State.REMOVED}),
    State.QUARANTINED: frozenset({State.PUBLISHED, State.YANKED, State.REMOVED}),
    State.REMOVED: frozenset({State.PUBLISHED, State.QUARANTINED}),
    State.UNPUBLISHED: frozenset(),
}

PENDING = frozenset({State.DRAFT, State.RECEIVED, State.SCANNING, State.HELD})
"""Not yet decided: seen by maintainers only."""

SERVED = frozenset({State.PUBLISHED, State.YANKED})
"""Bytes are given out; a yanked version only to those who name it."""


def may_move(before: State, after: State) -> bool:
    """Whether the table allows the move."""
    return after in MOVES[before]
