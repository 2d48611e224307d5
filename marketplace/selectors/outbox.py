"""How far the work that commits promised is behind."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Min, Q
from django.utils import timezone

from marketplace.models import OutboxEntry


@dataclass(frozen=True, slots=True)
class Backlog:
    """Jobs that wait, the longest overdue one in seconds, and jobs that were given up."""

    waiting: int
    overdue_seconds: float
    given_up: int


def outbox_backlog() -> Backlog:
    """The numbers of this moment; one query."""
    kept = Q(given_up_at__isnull=True)
    found = OutboxEntry.objects.aggregate(
        waiting=Count("pk", filter=kept), given_up=Count("pk", filter=~kept), oldest=Min("due_at", filter=kept)
    )
    overdue = (timezone.now() - found["oldest"]).total_seconds() if found["oldest"] else 0.0
    return Backlog(found["waiting"], max(overdue, 0.0), found["given_up"])
