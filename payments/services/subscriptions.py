"""What a payer does with a licence that recurs: more or fewer seats, end, keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.core.errors import Conflict, Invalid
from marketplace.core.ids import uuid7
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from payments.clients import billing
from payments.domain.licences import OPEN
from payments.domain.prices import SEATS_MOST
from payments.models import Licence, Order
from payments.services.access import ensure_may
from payments.services.syncing import order_sync

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from payments.clients import SeatPreview


def seats_preview(*, licence: Licence, seats: int, by: Viewer) -> SeatPreview:
    """What that many seats would cost, now and at each renewal; nothing changes. Raises as seats_change."""
    _ensure_changeable(licence, seats, by)
    return billing().seats_preview(licence.order.stripe_subscription, seats)


def seats_change(*, licence: Licence, seats: int, by: Viewer) -> None:
    """Pay for more seats at once, or for fewer with a credit on the next invoice.

    Raises NotFound MP6040, NotAllowed MP6041, MP6024, Invalid MP6021, MP6046, MP6048, Conflict MP6032 (card declined:
    nothing changed), MP6047, Unavailable MP6030.
    """
    _ensure_changeable(licence, seats, by)
    key = f"seats-{licence.public_id}-{uuid7()}"
    _written(licence, Action.LICENCE_SEATS, by, {"before": licence.seats, "seats": seats})
    subscription = licence.order.stripe_subscription
    billing().seats_change(subscription, seats, is_more=seats > licence.seats, key=key)
    order_sync(order_id=licence.order_id)


def _ensure_changeable(licence: Licence, seats: int, by: Viewer) -> None:
    ensure_may(by=by, licence=licence)
    if not licence.is_per_seat or licence.organization_id is None:
        raise Invalid("MP6046")
    if licence.state not in OPEN or not licence.order.stripe_subscription:
        raise Invalid("MP6048")
    if not 1 <= seats <= SEATS_MOST:
        raise Invalid("MP6021", {"most": SEATS_MOST})
    if seats < licence.seats_taken:
        raise Conflict("MP6047", {"taken": licence.seats_taken, "seats": seats})


def licence_end(*, licence: Licence, by: Viewer) -> None:
    """End it with the period that is paid (a trial: with the trial); raises as seats_change, Invalid MP6049."""
    ensure_may(by=by, licence=licence)
    if licence.renews_at is None:
        raise Invalid("MP6049")
    _written(licence, Action.LICENCE_END, by, {})
    billing().ending_set(licence.order.stripe_subscription, ends=True)
    order_sync(order_id=licence.order_id)


def licence_keep(*, licence: Licence, by: Viewer) -> None:
    """Take the end back, as long as it has not come; raises as seats_change, Invalid MP6048."""
    ensure_may(by=by, licence=licence)
    if licence.state not in OPEN or licence.renews_at is not None or not licence.order.stripe_subscription:
        raise Invalid("MP6048")
    _written(licence, Action.LICENCE_KEEP, by, {})
    billing().ending_set(licence.order.stripe_subscription, ends=False)
    order_sync(order_id=licence.order_id)


@transaction.atomic
def _written(licence: Licence, action: Action, by: Viewer, data: dict[str, object]) -> None:
    """What was asked for is written down before the processor is asked."""
    order = Order.objects.select_related("package").get(pk=licence.order_id)
    audit(
        action, by=by, kind="licence", subject=licence.public_id, name=order.package.full_name,
        organization_id=licence.organization_id, data=data,
    )  # fmt: skip
