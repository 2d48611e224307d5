"""Events from the processor: verified, stored once, worked off later, never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from marketplace.services.outbox import enqueue
from payments.clients import billing
from payments.models import Order, WebhookEvent
from payments.services.syncing import order_sync

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

JOB = "payments.event_process"
ATTEMPTS = 8
BODY_MOST = 512_000


def event_receive(*, body: bytes, signature: str) -> bool:
    """Store the event and promise its processing; False when it was here before.

    Raises Invalid MP6070 (signature, age), MP6072 (no event); nothing is stored then. Runs as the system.
    """
    payload = billing().event_verify(body, signature)
    event = WebhookEvent(
        stripe_event=payload["id"][:128],
        kind=str(payload.get("type", ""))[:80],
        subject=str(payload["data"]["object"].get("id", ""))[:128],
        payload=payload,
    )
    try:
        with transaction.atomic():
            event.save(force_insert=True)
            enqueue(JOB, event=str(event.public_id))
    except IntegrityError:
        return False
    return True


def event_process(event_id: str) -> None:
    """Bring every order that the event is about up to date; a failure is written on the event and raised again."""
    event = WebhookEvent.objects.filter(public_id=event_id).first()
    if event is None or event.processed_at is not None:
        return
    try:
        outcome = _processed(event)
    except Exception as error:
        tried = event.attempts + 1
        WebhookEvent.objects.filter(pk=event.pk).update(
            attempts=F("attempts") + 1,
            error=f"{type(error).__name__}: {error}"[:4000],
            given_up_at=timezone.now() if tried >= ATTEMPTS else None,
        )
        raise
    WebhookEvent.objects.filter(pk=event.pk).update(
        attempts=F("attempts") + 1, error="", given_up_at=None, processed_at=timezone.now(), outcome=outcome
    )


def _processed(event: WebhookEvent) -> str:
    orders = orders_about(event.payload)
    synced = [order_sync(order_id=order, seen_since=event.received_at) for order in orders]
    if not orders:
        return "about no order"
    return "order read" if any(synced) else "order was read already"


def orders_about(payload: dict[str, Any]) -> list[int]:
    """Primary keys of the orders that an event is about, in their order."""
    about = billing().order_of_event(payload)
    found = _orders(about)
    if not found and "intent" in about:
        subscription = billing().subscription_of_intent(about["intent"])
        found = _orders({"subscription": subscription}) if subscription else []
    return found


def _orders(about: dict[str, str]) -> list[int]:
    fields = {
        "order": "public_id",
        "session": "stripe_session",
        "subscription": "stripe_subscription",
        "intent": "payments__stripe_intent",
    }
    wanted = Q(pk__in=[])
    for name, value in about.items():
        if name != "order" or _is_uuid(value):
            wanted |= Q(**{fields[name]: value})
    return sorted(set(Order.objects.filter(wanted).values_list("pk", flat=True)))


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and all(letter in "0123456789abcdef-" for letter in text)  # noqa: PLR2004  (RFC 9562)


@transaction.atomic
def event_replay(*, event: WebhookEvent, by: Viewer) -> None:
    """Process the event once more; harmless for one that was processed."""
    WebhookEvent.objects.filter(pk=event.pk).update(processed_at=None, given_up_at=None, attempts=0, error="")
    audit(Action.EVENT_REPLAY, by=by, kind="event", subject=event.public_id, name=event.kind)
    enqueue(JOB, event=str(event.public_id))
