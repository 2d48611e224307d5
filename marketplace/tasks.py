"""The tasks that keep the promises of the outbox; every job runs through `marketplace.outbox_run`."""

from __future__ import annotations

import structlog
from celery import shared_task

from marketplace.core import jobs, tenancy
from marketplace.services import erasing, heartbeat, mails, notices, outbox, purging, sealing

log = structlog.get_logger(__name__)
SEALED_BATCHES = 200


@shared_task(name="marketplace.outbox_run")
def outbox_run(public_id: str) -> None:
    """Run the job of one outbox row as the system; a failure is written on the row and tried again."""
    with tenancy.bound(tenancy.SYSTEM):
        entry = outbox.claim(public_id)
        if entry is None:
            return
        with structlog.contextvars.bound_contextvars(job=entry.job, request_id=entry.request_id):
            try:
                jobs.run(entry.job, entry.arguments)
            except Exception as error:
                log.exception("job.failed", attempt=entry.attempts)
                outbox.fail(entry, f"{type(error).__name__}: {error}")
            else:
                outbox.finish(entry)
                log.info("job.done", attempt=entry.attempts)


@shared_task(name="marketplace.outbox_deliver")
def outbox_deliver() -> None:
    """Send every row whose time has come to a worker, and leave a sign of life."""
    heartbeat.heartbeat()
    for public_id, queue in outbox.due():
        outbox.wake(public_id, queue)


@shared_task(name="marketplace.audit_seal")
def audit_seal() -> None:
    """Seal what has been written down, batch by batch, and leave the rest of a long backlog to the next run."""
    with tenancy.bound(tenancy.SYSTEM):
        for _ in range(SEALED_BATCHES):
            if sealing.audit_seal() < sealing.BATCH:
                return


@shared_task(name="marketplace.expired_purge")
def expired_purge() -> None:
    """Forget what has had its time: sessions, idempotency keys, tokens that ended long ago."""
    with tenancy.bound(tenancy.SYSTEM):
        purging.expired_purge()


@shared_task(name="marketplace.graces_end")
def graces_end() -> None:
    """End accounts and organizations whose grace is over."""
    with tenancy.bound(tenancy.SYSTEM):
        erasing.graces_end()


@jobs.job(mails.JOB)
def mail_send(letter: str) -> None:
    """Send one letter."""
    mails.mail_send(letter)


@jobs.job(notices.MAIL, attempts=12)
def notice_mail(public_id: str) -> None:
    """Send one notice by mail."""
    notices.notice_mail(public_id)
