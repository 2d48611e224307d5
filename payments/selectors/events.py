"""Reads of events from the processor, for whoever runs the site; they show to the system only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core.errors import NotFound
from payments.models import WebhookEvent

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

STATES = ("waiting", "dead", "done")


def events_in(state: str) -> QuerySet[WebhookEvent]:
    """Events, newest first: those that wait, were given up or are processed; all for another word."""
    rows = WebhookEvent.objects.order_by("-id")
    match state:
        case "waiting":
            return rows.filter(processed_at=None, given_up_at=None)
        case "dead":
            return rows.exclude(given_up_at=None)
        case "done":
            return rows.exclude(processed_at=None)
    return rows


def event_get(public_id: UUID) -> WebhookEvent:
    """One event; raises NotFound MP9001."""
    event = WebhookEvent.objects.filter(public_id=public_id).first()
    if event is None:
        raise NotFound("MP9001")
    return event
