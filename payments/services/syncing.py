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
    for payment in facts.payments:
        _payment_write(order, payment)
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


def _payment_write(order: Order, facts: PaymentFacts) -> None:
    payment, _ = Payment.objects.update_or_create(
        stripe_intent=facts.intent,
        defaults={
            "order": order,
            "stripe_charge": facts.charge,
            "amount": facts.amount,
            "refunded": facts.refunded,
            "currency": facts.currency,
            "card": facts.card,
            "invoice_number": facts.invoice_number,
            "invoice_url": facts.invoice_url,
            "receipt_url": facts.receipt_url,
            "paid_at": moment(facts.paid_at),
        },
    )
    for dispute in facts.disputes:
        Dispute.objects.update_or_create(
            stripe_dispute=dispute.id,
            defaults={
                "payment": payment,
                "state": dispute.state.value,
                "amount": dispute.amount,
                "reason": dispute.reason,
                "opened_at": moment(dispute.opened_at),
                "due_at": moment(dispute.due_at) if dispute.due_at else None,
            },
        )


def moment(seconds: int) -> datetime:
    """Seconds since 1970 as a moment."""
    return datetime.fromtimestamp(seconds, UTC)
