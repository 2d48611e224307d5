"""The jobs of payments."""

from __future__ import annotations

from datetime import timedelta

import structlog
from celery import shared_task
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.core.jobs import job
from payments.models import WebhookEvent
from payments.services import leaving, reconcile, syncing, webhooks
from payments.services.switch import is_selling

log = structlog.get_logger(__name__)

KEPT = timedelta(days=400)


@job(webhooks.JOB, attempts=webhooks.ATTEMPTS, lease_seconds=120)
def event_process(event: str) -> None:
    """Work off one stored event."""
    webhooks.event_process(event)


@job("payments.order_sync", attempts=8, lease_seconds=120)
def order_sync(order_id: int) -> None:
    """Bring one order up to date."""
    syncing.order_sync(order_id=order_id)


@job(syncing.MIRROR_JOB, attempts=4, lease_seconds=120)
def order_mirror(order_id: int) -> None:
    """Copy one order's objects into dj-stripe's mirror."""
    syncing.order_mirror(order_id=order_id)


@job(leaving.JOB, attempts=8, lease_seconds=120)
def subscription_end(licence_id: int) -> None:
    """End a subscription whose payer is gone."""
    leaving.subscription_end(licence_id=licence_id)


@shared_task(name="payments.reconcile")
def reconcile_all() -> None:
    """Every night: compare with the processor, mend, and forget events of long ago."""
    if not is_selling():
        return
    with tenancy.bound(tenancy.SYSTEM):
        for drift in reconcile.reconcile():
            log.warning("payments.drift", order=drift.order, before=drift.before, after=drift.after, error=drift.error)
        old = timezone.now() - KEPT
        WebhookEvent.objects.filter(received_at__lt=old).exclude(processed_at=None).delete()
