"""The states of what people write and of moderation cases, and the only moves between them."""

from __future__ import annotations

from enum import StrEnum


class PostState(StrEnum):
    """A review or a comment."""

    SHOWN = "shown"
    FROZEN = "frozen"
    HIDDEN = "hidden"
    DELETED = "deleted"


POST_MOVES: dict[PostState, frozenset[PostState]] = {
    PostState.SHOWN: frozenset({PostState.FROZEN, PostState.HIDDEN, PostState.DELETED}),
    PostState.FROZEN: frozenset({PostState.SHOWN, PostState.HIDDEN, PostState.DELETED}),
    PostState.HIDDEN: frozenset({PostState.SHOWN, PostState.DELETED}),
    PostState.DELETED: frozenset(),
}
"""Frozen: shown, not counted, while somebody looks at a burst. Hidden: by moderation. Deleted: by its author."""


class CaseState(StrEnum):
    """A moderation case."""

    OPEN = "open"
    PROPOSED = "proposed"
    DECIDED = "decided"
    APPEALED = "appealed"
    CLOSED = "closed"


CASE_MOVES: dict[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.PROPOSED, CaseState.DECIDED}),
    CaseState.PROPOSED: frozenset({CaseState.OPEN, CaseState.DECIDED}),
    CaseState.DECIDED: frozenset({CaseState.APPEALED, CaseState.OPEN, CaseState.CLOSED}),
    CaseState.APPEALED: frozenset({CaseState.CLOSED}),
    CaseState.CLOSED: frozenset({CaseState.OPEN}),
}
"""Proposed: a second moderator must agree. Closed: an appeal is answered, or its time is over."""

ACTIVE = frozenset({CaseState.OPEN, CaseState.PROPOSED, CaseState.APPEALED})
"""Somebody has to do something."""


def post_may_move(before: PostState, after: PostState) -> bool:
    """Whether the table allows the move."""
    return after in POST_MOVES[before]


def case_may_move(before: CaseState, after: CaseState) -> bool:
    """Whether the table allows the move."""
    return after in CASE_MOVES[before]
