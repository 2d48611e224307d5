"""The background jobs of reviews and moderation."""

from __future__ import annotations

from celery import shared_task

from marketplace.core import tenancy
from marketplace.core.jobs import job
from reviews.services import appeals, holds, incident_news, on_call, ratings, statements


@job("reviews.statements_send", attempts=20)
def statements_send(decision_id: int, **_event: object) -> None:
    """Tell the people concerned of a decision."""
    statements.statements_send(decision_id=decision_id)


@job("reviews.decided_tell", attempts=20)
def decided_tell(decision_id: int, **_event: object) -> None:
    """Tell whoever has a package that it was stopped, or that it need not have been."""
    incident_news.decided_tell(decision_id=decision_id)


@job("reviews.opened_tell", attempts=20)
def opened_tell(case_id: int, **_event: object) -> None:
    """Tell the people concerned that something of theirs waits."""
    statements.opened_tell(case_id=case_id)


@job("reviews.on_call_tell", attempts=10)
def on_call_tell(case_id: int, *, is_urgent: bool = False, **_event: object) -> None:
    """Wake somebody up for an urgent case."""
    if is_urgent:
        on_call.on_call_tell(case_id=case_id)


@shared_task(name="reviews.cases_check")
def cases_check() -> None:
    """Find held versions that have no case."""
    with tenancy.bound(tenancy.SYSTEM):
        holds.cases_check()


@shared_task(name="reviews.cases_close")
def cases_close() -> None:
    """Close cases whose time for an appeal is over."""
    with tenancy.bound(tenancy.SYSTEM):
        appeals.cases_close()


@shared_task(name="reviews.ratings_refresh")
def ratings_refresh() -> None:
    """Let the weights of old reviews fade."""
    with tenancy.bound(tenancy.SYSTEM):
        ratings.ratings_recompute()
