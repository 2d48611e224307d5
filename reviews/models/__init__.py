"""The tables of reviews and moderation."""

from __future__ import annotations

from reviews.models.case import (
    Appeal,
    Case,
    CaseEvent,
    ClearedFinding,
    Decision,
    Incident,
    Report,
    SavedFilter,
    Statement,
)
from reviews.models.review import Comment, HelpfulVote, Rating, Review, ReviewReply, ReviewRevision

__all__ = [
    "Appeal",
    "Case",
    "CaseEvent",
    "ClearedFinding",
    "Comment",
    "Decision",
    "HelpfulVote",
    "Incident",
    "Rating",
    "Report",
    "Review",
    "ReviewReply",
    "ReviewRevision",
    "SavedFilter",
    "Statement",
]
