"""Who may do what in moderation: three ranks, each may all that the one below it may."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from reviews.domain.reasons import Effect

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer


class Act(StrEnum):
    """What is done in the workplace."""

    LOOK = "look"
    TAKE = "take"
    NOTE = "note"
    DECIDE = "decide"
    SECOND = "second"
    UNDO_OWN = "undo-own"
    ANSWER = "answer"
    EXPORT = "export"
    DECIDE_GRAVE = "decide-grave"
    UNDO_ANY = "undo-any"
    BULK = "bulk"
    HAND_OVER = "hand-over"
    TELL = "tell"
    CLOSE_INCIDENT = "close-incident"
    APPOINT = "appoint"


class Rank(StrEnum):
    """How far somebody's word goes."""

    NONE = "none"
    MODERATOR = "moderator"
    SENIOR = "senior"
    ADMINISTRATOR = "administrator"


_MODERATOR = frozenset(
    {Act.LOOK, Act.TAKE, Act.NOTE, Act.DECIDE, Act.SECOND, Act.UNDO_OWN, Act.ANSWER, Act.EXPORT},
)
_SENIOR = _MODERATOR | {
    Act.DECIDE_GRAVE,
    Act.UNDO_ANY,
    Act.BULK,
    Act.HAND_OVER,
    Act.TELL,
    Act.CLOSE_INCIDENT,
}
MAY: dict[Rank, frozenset[Act]] = {
    Rank.NONE: frozenset(),
    Rank.MODERATOR: _MODERATOR,
    Rank.SENIOR: _SENIOR,
    Rank.ADMINISTRATOR: _SENIOR | {Act.APPOINT},
}
SENIOR_EFFECTS = frozenset({Effect.REMOVE, Effect.SUSPEND})
"""A moderator only proposes these, and a senior one agrees, however few people have the package."""


def rank_of(viewer: Viewer) -> Rank:
    """The viewer's rank; the system has the highest."""
    if viewer.is_system or viewer.is_administrator:
        return Rank.ADMINISTRATOR
    if viewer.is_moderator:
        return Rank.SENIOR if viewer.is_senior else Rank.MODERATOR
    return Rank.NONE


def may(viewer: Viewer, act: Act) -> bool:
    """Whether the viewer's rank allows the act."""
    return act in MAY[rank_of(viewer)]
