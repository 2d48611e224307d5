"""A second pair of eyes on a package's text: optional, and only ever a reason for more suspicion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from registry.clients.reviewer.opinion import Concern, Opinion, Reviewer, ReviewerFailed

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Concern", "Opinion", "Reviewer", "ReviewerFailed", "reviewer"]


def reviewer() -> Reviewer | None:
    """The reviewer that the settings name; None without a key, which is not a failure."""
    if not settings.REVIEWER_API_KEY:
        return None
    from registry.clients.reviewer.claude import ClaudeReviewer  # noqa: PLC0415  (the SDK is loaded only where it is used)

    options: Mapping[str, str] = {"base_url": settings.REVIEWER_URL} if settings.REVIEWER_URL else {}
    return ClaudeReviewer(
        api_key=settings.REVIEWER_API_KEY, model=settings.REVIEWER_MODEL, seconds=settings.REVIEWER_SECONDS, **options
    )
