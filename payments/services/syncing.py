"""Brings one order to what the processor says at this moment; every way in (webhook, return, reconcile) ends here.

One lock order: order, then licence, then seats. The processor is asked while the order is locked, so that of two looks
the later one writes last.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.services.outbox import enqueue
from payments.clients import billing
from payments.domain.licences import Rules, derive
from payments.models import Dispute, Order, Payment
from payments.services.licences import licence_apply

if TYPE_CHECKING:
    from payments.domain.facts import OrderFacts, PaymentFacts

MIRROR_JOB = "payments.order_mirror"
MIRROR_SECONDS = 20
TOLD = [
    "stripe_charge",
    "amount",
    "refunded",
    "currency",
    "card",
    "invoice_number",
    "invoice_url",
    "receipt_url",
    "paid_at",
]
"""What may change of a payment."""


def rules() -> Rules:
    """The operator's choices."""
    return Rules(settings.PAYMENT_GRACE_DAYS)


@transaction.atomic
def order_sync(*, order_id: int, seen_since: datetime | None = None) -> bool:
    """Read the order's facts and derive payments, disputes and licence from them; False when there was no need.

    With `seen_since`, an order that was read after that moment is left alone: what happened before it is in it already.
    Raises Unavailable MP6030; repeating it is harmless.
    """
    order = Order.objects.select_for_update(of=("self",)).select_related("price", "package").get(pk=order_id)
    if not order.stripe_session:
        return False
    if seen_since is not None and order.synced_at is not None and order.synced_at > seen_since:
        return False
    began = timezone.now()
    facts = billing().order_facts(order.stripe_session)
    _payments_write(order, facts.payments)
    _order_write(order, facts, began)
    if order.state == Order.State.COMPLETE:
        enqueue(MIRROR_JOB, key=str(order.pk), delay_seconds=MIRROR_SECONDS, order_id=order.pk)
    terms = derive(facts, rules())
    if terms is not None:
        licence_apply(order=order, terms=terms, pay_url=facts.subscription.pay_url if facts.subscription else "")
    return True


def order_mirror(*, order_id: int) -> None:
    """Copy the order's objects into the mirror; what could not be copied is written on the order."""
    order = Order.objects.get(pk=order_id)
    failed = billing().order_mirror(order.stripe_session)
    Order.objects.filter(pk=order.pk).update(sync_error="\n".join(failed))


def _order_write(order: Order, facts: OrderFacts, began: datetime) -> None:
    order.state = {"complete": Order.State.COMPLETE, "expired": Order.State.EXPIRED}.get(
        facts.session_status, Order.State.OPEN
    )
    order.refusal = facts.refusal[:300]
    order.stripe_subscription = facts.subscription.id if facts.subscription else ""
    order.stripe_intent = facts.payments[0].intent if facts.payments else order.stripe_intent
    if order.state != Order.State.OPEN:
        order.checkout_url = ""
    if order.state == Order.State.COMPLETE and order.completed_at is None:
        order.completed_at = began
    order.synced_at = began
    order.save()


def _payments_write(order: Order, facts: tuple[PaymentFacts, ...]) -> None:
    """Write payments and their disputes as they are told; as many queries for one as for hundreds."""
    rows = [
        Payment(
            order=order, stripe_intent=row.intent, stripe_charge=row.charge, amount=row.amount, refunded=row.refunded,
            currency=row.currency, card=row.card, invoice_number=row.invoice_number, invoice_url=row.invoice_url,
            receipt_url=row.receipt_url, paid_at=moment(row.paid_at),
        )
        for row in facts
    ]  # fmt: skip
    Payment.objects.bulk_create(rows, update_conflicts=True, unique_fields=["stripe_intent"], update_fields=TOLD)
    keys = dict(Payment.objects.filter(order=order).values_list("stripe_intent", "pk"))
    disputes = [
        Dispute(
            payment_id=keys[row.intent], stripe_dispute=held.id, state=held.state.value, amount=held.amount,
            reason=held.reason, opened_at=moment(held.opened_at), due_at=moment(held.due_at) if held.due_at else None,
        )
        for row in facts
        for held in row.disputes
    ]  # fmt: skip
    Dispute.objects.bulk_create(
        disputes, update_conflicts=True, unique_fields=["stripe_dispute"], update_fields=["state", "amount", "due_at"]
    )


def moment(seconds: int) -> datetime:
    """Seconds since 1970 as a moment."""
    return datetime.fromtimestamp(seconds, UTC)
