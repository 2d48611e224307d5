"""Money given back: by the buyer inside the window, by the seller at any time, always with a reason."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.core.errors import Conflict, Invalid
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from payments.clients import billing
from payments.domain.money import Money
from payments.models import Dispute, Order, Payment
from payments.services.access import ensure_can_sell, ensure_may
from payments.services.syncing import order_sync

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from payments.models import Licence


def payments_refundable(licence: Licence) -> list[Payment]:
    """The payments that the buyer may have back now: inside the window, not given back, not disputed."""
    since = timezone.now() - timedelta(days=settings.REFUND_DAYS)
    young = Payment.objects.filter(order_id=licence.order_id, paid_at__gt=since).order_by("paid_at", "id")
    held = young.exclude(disputes__state__in=[Dispute.State.OPEN, Dispute.State.LOST])
    return [payment for payment in held if payment.refunded < payment.amount]


def refund_amount(licence: Licence) -> Money | None:
    """What the buyer would get back now; None when the window is over."""
    held = payments_refundable(licence)
    if not held:
        return None
    return Money(sum(payment.amount - payment.refunded for payment in held), held[0].currency)


def refund_take(*, licence: Licence, reason: str, by: Viewer) -> Money:
    """Give the buyer back what was paid inside the window; the licence is revoked and renews no more.

    Raises as `ensure_may`, Invalid MP6052, Conflict MP6050, Unavailable MP6030. Repeating it gives nothing twice.
    """
    ensure_may(by=by, licence=licence)
    if not reason.strip():
        raise Invalid("MP6052")
    held = payments_refundable(licence)
    if not held:
        raise Conflict("MP6050")
    for payment in held:
        _refund(payment, payment.amount - payment.refunded, reason=reason, by=by)
    if licence.order.stripe_subscription:
        billing().subscription_end(licence.order.stripe_subscription)
    order_sync(order_id=licence.order_id)
    return Money(sum(payment.amount - payment.refunded for payment in held), held[0].currency)


def refund_give(*, payment: Payment, amount: int, reason: str, by: Viewer) -> None:
    """The seller gives back a part or all of a payment (minor units); all of the newest payment revokes the licence.

    Raises NotAllowed MP6016, MP6024, Invalid MP6052, MP6053, Unavailable MP6030.
    """
    with tenancy.bound(tenancy.SYSTEM):
        order = Order.objects.select_related("package__publisher").get(pk=payment.order_id)
    ensure_can_sell(by=by, package=order.package)
    if not reason.strip():
        raise Invalid("MP6052")
    left = payment.amount - payment.refunded
    if not 1 <= amount <= left:
        raise Invalid("MP6053", {"most": str(Money(left, payment.currency))})
    with tenancy.bound(tenancy.SYSTEM):
        _refund(payment, amount, reason=reason, by=by)
        newest = order.payments.order_by("-paid_at", "-id").first()
        if amount == left and order.stripe_subscription and newest == payment:
            billing().subscription_end(order.stripe_subscription)
        order_sync(order_id=order.pk)


def _refund(payment: Payment, amount: int, *, reason: str, by: Viewer) -> None:
    """One refund; its key holds what was given back before, so that a repeated call gives nothing twice."""
    _written(payment, amount, reason, by)
    key = f"refund-{payment.public_id}-{payment.refunded}-{amount}"
    billing().refund(payment.stripe_intent, amount, key=key, reason=reason)


@transaction.atomic
def _written(payment: Payment, amount: int, reason: str, by: Viewer) -> None:
    order = Order.objects.select_related("package").get(pk=payment.order_id)
    data = {"amount": amount, "currency": payment.currency, "reason": reason.strip()[:500], "order": order.number}
    audit(
        Action.REFUND, by=by, kind="payment", subject=payment.public_id, name=order.package.full_name,
        organization_id=order.organization_id, data=data,
    )  # fmt: skip
