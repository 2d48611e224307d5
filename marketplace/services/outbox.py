"""Promises work in the writer's transaction and keeps the promise after the commit.

A row is the promise: it goes when its job has run. The broker only wakes a worker up early; a row that nobody finished
is sent again when its lease is over, so neither a lost broker nor a killed worker loses work.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import structlog
from celery import current_app
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from marketplace.core.events import LISTENERS, PROJECTIONS
from marketplace.core.jobs import JOBS
from marketplace.domain.audit import Action
from marketplace.models import OutboxEntry
from marketplace.services.audit import audit

if TYPE_CHECKING:
    from marketplace.core.events import Event
    from marketplace.domain.viewer import Viewer

log = structlog.get_logger(__name__)

BATCH = 200
BACKOFF_SECONDS = 2
RESEND_SECONDS = 15
WOKEN_SECONDS = 5
"""Jobs that wait longer than this are left to the sweep."""

BACKOFF_MOST_SECONDS = 600


def emit(event: Event) -> None:
    """Run the event's projections now and promise its listeners; call it inside the service's transaction."""
    for projection in PROJECTIONS[type(event)]:
        projection(event)
    for listener in LISTENERS[type(event)]:
        payload = event.payload()
        key = f"{payload[listener.key]}" if listener.key else None
        enqueue(listener.job, key=key, delay_seconds=listener.delay_seconds, **payload)


def enqueue(job: str, *, key: str | None = None, delay_seconds: float = 0, **arguments: Any) -> None:
    """Promise to run `job` with JSON-able `arguments`; one waiting promise a (`job`, `key`). KeyError: no such job."""
    entry = OutboxEntry(
        job=job,
        key=key,
        queue=JOBS[job].queue,
        arguments=arguments,
        due_at=timezone.now() + timedelta(seconds=delay_seconds),
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
    )
    OutboxEntry.objects.bulk_create([entry], ignore_conflicts=key is not None)
    if delay_seconds <= WOKEN_SECONDS:
        public_id, queue = str(entry.public_id), entry.queue
        transaction.on_commit(lambda: wake(public_id, queue, delay_seconds))


def wake(public_id: str, queue: str, after_seconds: float = 0) -> None:
    """Tell the broker about one row, due after so many seconds; without a broker the sweep finds it."""
    wait = after_seconds or None
    try:
        current_app.send_task("marketplace.outbox_run", args=[public_id], queue=queue, retry=False, countdown=wait)
    except Exception as error:  # noqa: BLE001  (whatever the broker does, the row stands)
        log.warning("outbox.wake_failed", entry=public_id, error=str(error))


def free() -> Q:
    """Rows that nobody is running."""
    now = timezone.now()
    return Q(given_up_at__isnull=True) & (Q(leased_until__isnull=True) | Q(leased_until__lte=now))


def due() -> list[tuple[str, str]]:
    """Ids and queues of the rows whose time has come; each is not given out again for some seconds."""
    with transaction.atomic():
        rows = list(
            OutboxEntry.objects.select_for_update(skip_locked=True)
            .filter(free(), due_at__lte=timezone.now())
            .order_by("due_at")[:BATCH]
        )
        later = timezone.now() + timedelta(seconds=RESEND_SECONDS)
        OutboxEntry.objects.filter(pk__in=[row.pk for row in rows]).update(due_at=later)
    return [(str(row.public_id), row.queue) for row in rows]


def claim(public_id: str) -> OutboxEntry | None:
    """Take the row for its job's lease; None when it is done, given up or being run by another."""
    with transaction.atomic():
        rows = OutboxEntry.objects.select_for_update(skip_locked=True).filter(free(), public_id=public_id)
        entry = rows.first()
        if entry is not None:
            entry.attempts += 1
            entry.leased_until = timezone.now() + timedelta(seconds=JOBS[entry.job].lease_seconds)
            entry.due_at = entry.leased_until
            entry.save(update_fields=["attempts", "leased_until", "due_at"])
        return entry


def finish(entry: OutboxEntry) -> None:
    """The promise is kept."""
    OutboxEntry.objects.filter(pk=entry.pk).delete()


def fail(entry: OutboxEntry, error: str) -> None:
    """Try again later, or give up after the job's attempts and keep the row for the operator."""
    wait = min(BACKOFF_SECONDS * 2**entry.attempts, BACKOFF_MOST_SECONDS)
    OutboxEntry.objects.filter(pk=entry.pk).update(
        due_at=timezone.now() + timedelta(seconds=wait),
        leased_until=None,
        given_up_at=timezone.now() if entry.attempts >= JOBS[entry.job].attempts else None,
        error=error[:4000],
    )


@transaction.atomic
def replay(*, entry: OutboxEntry, by: Viewer) -> OutboxEntry:
    """Have a job that was given up tried again, from its second attempt on; any other row stays as it is."""
    locked = OutboxEntry.objects.select_for_update().get(pk=entry.pk)
    if locked.given_up_at is None:
        return locked
    locked.given_up_at, locked.attempts, locked.due_at = None, 1, timezone.now()
    locked.save(update_fields=["given_up_at", "attempts", "due_at"])
    audit(Action.OUTBOX_REPLAY, by=by, kind="outbox", subject=locked.public_id, name=locked.job)
    public_id, queue = str(locked.public_id), locked.queue
    transaction.on_commit(lambda: wake(public_id, queue))
    return locked
