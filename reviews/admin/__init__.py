"""Reviews and moderation in the administration; decisions are made on the page of their case."""

from __future__ import annotations

from marketplace.core.admin import records, rest
from reviews.admin.cases import CaseRecords
from reviews.models import Appeal, CaseEvent, Comment, Decision, Report, Review, Statement

records(
    Review,
    "package author_name stars title state created_at",
    search="package__full_name author_name title",
    filters="state stars",
    for_moderators=True,
)
records(
    Comment,
    "package author_name kind state created_at",
    search="package__full_name author_name text",
    filters="state kind",
    for_moderators=True,
)
records(CaseEvent, "case at kind actor_name", search="actor_name text", filters="kind", for_moderators=True)
records(Report, "case reason weight outcome created_at", search="text", filters="reason outcome", for_moderators=True)
records(
    Decision,
    "case effect reason by_name proposed_at effective_at",
    search="by_name reason",
    filters="effect",
    for_moderators=True,
)
records(
    Statement,
    "decision recipient role created_at sent_at",
    search="recipient__email",
    filters="role",
    for_moderators=True,
)
records(
    Appeal,
    "decision appellant outcome created_at answered_at",
    search="appellant__email",
    filters="outcome",
    for_moderators=True,
)
rest("reviews")

__all__ = ["CaseRecords"]
