"""Compares every order with the processor and mends what drifted; refuses when the account is another one."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from marketplace.core.errors import Conflict, MarketplaceError
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.services.audit import audit
from payments.clients import billing
from payments.models import Licence, Merchant, Order, Seat
from payments.services.syncing import order_sync

if TYPE_CHECKING:
    from collections.abc import Iterator

SHOWN = ("state", "reason", "seats", "open_until", "renews_at")


@dataclass(frozen=True, slots=True)
class Drift:
    """One order that was not as the processor has it; `after` is empty when it could not be mended."""

    order: str
    before: dict[str, Any]
    after: dict[str, Any]
    error: str = ""


def merchant_ensure() -> Merchant:
    """The account of this database; written at the first question. Raises Conflict MP6073 when the key is another's."""
    account = billing().account()
    merchant, _ = Merchant.objects.get_or_create(defaults={"account": account.id, "is_live": account.is_live})
    if merchant.account != account.id:
        raise Conflict("MP6073", {"expected": merchant.account, "found": account.id})
    return merchant


def reconcile() -> Iterator[Drift]:
    """Read every order anew and yield what was mended or could not be; raises Conflict MP6073 before the first."""
    merchant_ensure()
    orders = Order.objects.exclude(stripe_session="").exclude(state=Order.State.EXPIRED).order_by("pk")
    for order in orders.iterator(chunk_size=200):
        drift = _reconciled(order)
        if drift is not None:
            yield drift


def _reconciled(order: Order) -> Drift | None:
    before = _shown(order)
    try:
        order_sync(order_id=order.pk)
    except MarketplaceError as error:
        return Drift(order.number, before, {}, str(error))
    after = _shown(order)
    if before == after:
        return None
    drift = Drift(order.number, before, after)
    _written(order, drift)
    return drift


def _shown(order: Order) -> dict[str, Any]:
    licence = Licence.objects.filter(order=order).first()
    found: dict[str, Any] = {"order": Order.objects.values_list("state", flat=True).get(pk=order.pk)}
    if licence is not None:
        found |= {name: str(getattr(licence, name)) for name in SHOWN}
        found["taken"] = Seat.objects.filter(licence=licence, released_at=None).count()
    found["paid"] = [
        list(row) for row in order.payments.order_by("pk").values_list("stripe_intent", "amount", "refunded")
    ]
    return found


@transaction.atomic
def _written(order: Order, drift: Drift) -> None:
    data = {name: value for name, value in asdict(drift).items() if name != "order"}
    audit(Action.RECONCILE, by=SYSTEM, kind="order", subject=order.public_id, name=order.number, data=data)
