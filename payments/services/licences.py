"""Writes what was derived: the licence of an order, its seats, and who is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from payments.domain.events import LicenceChanged, PurchaseVerified
from payments.domain.licences import OPEN
from payments.models import Licence, Seat
from payments.services.notices import licence_told

if TYPE_CHECKING:
    from payments.domain.licences import Terms
    from payments.models import Order


@transaction.atomic
def licence_apply(*, order: Order, terms: Terms, pay_url: str) -> Licence:
    """Make the order's licence say these terms; the order is locked.

    Seats over the number that is paid for are taken back, the newest first.
    """
    licence = Licence.objects.select_for_update().filter(order=order).first()
    before = licence.state if licence else ""
    if licence is None:
        licence = Licence(
            order=order, package=order.package, user_id=order.user_id, organization_id=order.organization_id,
            is_per_seat=order.price.is_per_seat, seats=terms.seats, state=terms.state.value, starts_at=timezone.now(),
        )  # fmt: skip
    elif terms.seats < licence.seats:
        _seats_trim(licence, terms.seats)
        licence.seats_taken = Licence.objects.values_list("seats_taken", flat=True).get(pk=licence.pk)
    licence.seats = terms.seats
    licence.state, licence.reason, licence.pay_url = terms.state.value, terms.reason.value, pay_url
    licence.starts_at = datetime.fromtimestamp(terms.starts_at, UTC)
    licence.open_until = _moment(terms.open_until)
    licence.renews_at = _moment(terms.renews_at)
    licence.trial_ends_at = _moment(terms.trial_ends_at)
    licence.save()
    if licence.is_per_seat and licence.user_id and not licence.seats_taken and terms.state in OPEN:
        Seat.objects.get_or_create(licence=licence, user_id=licence.user_id, released_at=None)
    if before != licence.state:
        _state_changed(licence, before)
    return licence


def _seats_trim(licence: Licence, seats: int) -> None:
    """Fewer seats were paid for than are taken: the last given go first."""
    given = Seat.objects.select_for_update().filter(licence=licence, released_at=None).order_by("-given_at", "-id")
    over = list(given[: max(licence.seats_taken - seats, 0)])
    for seat in over:
        seat.released_at = timezone.now()
        seat.save(update_fields=["released_at"])
        emit(PurchaseVerified(seat.user_id, licence.package_id, is_verified=False))


def _state_changed(licence: Licence, before: str) -> None:
    name = licence.order.package.full_name
    data = {"before": before, "state": licence.state, "reason": licence.reason, "seats": licence.seats}
    audit(
        Action.LICENCE_CHANGE, by=SYSTEM, kind="licence", subject=licence.public_id, name=name,
        organization_id=licence.organization_id, data=data,
    )  # fmt: skip
    emit(LicenceChanged(licence.pk, licence.package_id, before, licence.state, licence.reason))
    is_open = licence.state in OPEN
    if is_open != (before in OPEN):
        for user_id in holders(licence):
            emit(PurchaseVerified(user_id, licence.package_id, is_verified=is_open))
    licence_told(licence, before)


def holders(licence: Licence) -> list[int]:
    """The people that the licence gives a use by name: its owner, or who has a seat."""
    if licence.user_id is not None:
        return [licence.user_id]
    return list(Seat.objects.filter(licence=licence, released_at=None).values_list("user_id", flat=True))


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
