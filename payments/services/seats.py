"""Seats: given by hand or at first use, taken back, handed on; never more than were paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.domain.audit import Action
from marketplace.models import Membership, User
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from payments.domain.events import PurchaseVerified
from payments.domain.licences import OPEN
from payments.models import Licence, Seat
from payments.services.access import ensure_may

if TYPE_CHECKING:
    from uuid import UUID

    from marketplace.domain.viewer import Viewer


@transaction.atomic
def seat_give(*, licence: Licence, user: User, by: Viewer) -> Seat:
    """Give a member of the organization a seat.

    Raises NotFound MP6040, NotAllowed MP6041, MP6024, Invalid MP6043, MP6046, MP6048, Conflict MP6042, MP6044.
    """
    ensure_may(by=by, licence=licence, gives=True)
    licence = Licence.objects.select_for_update(of=("self",)).select_related("package").get(pk=licence.pk)
    _ensure_seated(licence)
    _ensure_member(licence, user)
    seat = _given(licence, user)
    _written(Action.SEAT_GIVE, licence, seat, by)
    return seat


@transaction.atomic
def seat_take(*, licence: Licence, seat_id: UUID, by: Viewer) -> None:
    """Take a seat back; whoever has it may give it up too. Raises as seat_give, NotFound MP6045."""
    seat = _seat(licence, seat_id)
    if seat.user_id != by.user_id:
        ensure_may(by=by, licence=licence, gives=True)
    licence = Licence.objects.select_for_update(of=("self",)).select_related("package").get(pk=licence.pk)
    _released(seat)
    _written(Action.SEAT_TAKE, licence, seat, by)


@transaction.atomic
def seat_transfer(*, licence: Licence, seat_id: UUID, user: User, by: Viewer) -> Seat:
    """Hand a seat on to another member, in one step. Raises as seat_give, NotFound MP6045."""
    ensure_may(by=by, licence=licence, gives=True)
    licence = Licence.objects.select_for_update(of=("self",)).select_related("package").get(pk=licence.pk)
    seat = _seat(licence, seat_id)
    _ensure_seated(licence)
    _ensure_member(licence, user)
    _released(seat)
    made = _given(licence, user)
    _written(Action.SEAT_TRANSFER, licence, made, by)
    return made


@transaction.atomic
def seat_at_first_use(*, licence_id: int, user_id: int, by: Viewer) -> bool:
    """Give the user a free seat when the licence does so at first use; False when there is none."""
    licence = Licence.objects.select_for_update(of=("self",)).select_related("package").get(pk=licence_id)
    if not licence.gives_at_first_use or licence.state not in OPEN or licence.seats_free < 1:
        return False
    try:
        with transaction.atomic():
            seat = Seat.objects.create(licence=licence, user_id=user_id, used_at=timezone.now())
    except IntegrityError:
        return Seat.objects.filter(licence=licence, user_id=user_id, released_at=None).exists()
    emit(PurchaseVerified(user_id, licence.package_id, is_verified=True))
    _written(Action.SEAT_GIVE, licence, seat, by)
    return True


@transaction.atomic
def first_use_set(*, licence: Licence, gives: bool, by: Viewer) -> None:
    """Whether members take free seats by themselves, at their first use."""
    ensure_may(by=by, licence=licence, gives=True)
    Licence.objects.filter(pk=licence.pk).update(gives_at_first_use=gives)
    audit(
        Action.LICENCE_SEATS, by=by, kind="licence", subject=licence.public_id, name=licence.package.full_name,
        organization_id=licence.organization_id, data={"gives_at_first_use": gives},
    )  # fmt: skip


def _ensure_seated(licence: Licence) -> None:
    if not licence.is_per_seat or licence.organization_id is None:
        raise Invalid("MP6046")
    if licence.state not in OPEN:
        raise Invalid("MP6048")


def _ensure_member(licence: Licence, user: User) -> None:
    if not Membership.objects.filter(organization=licence.organization, user=user).exists():
        raise Invalid("MP6043", {"person": str(user)})


def _given(licence: Licence, user: User) -> Seat:
    if Seat.objects.filter(licence=licence, user=user, released_at=None).exists():
        raise Conflict("MP6044", {"person": str(user)})
    try:
        with transaction.atomic():
            seat = Seat.objects.create(licence=licence, user=user)
    except IntegrityError as error:
        raise Conflict("MP6042") from error
    emit(PurchaseVerified(user.pk, licence.package_id, is_verified=True))
    return seat


def _seat(licence: Licence, seat_id: UUID) -> Seat:
    seat = Seat.objects.select_related("user").filter(licence=licence, public_id=seat_id, released_at=None).first()
    if seat is None:
        raise NotFound("MP6045")
    return seat


def _released(seat: Seat) -> None:
    changed = Seat.objects.filter(pk=seat.pk, released_at=None).update(released_at=timezone.now())
    if not changed:
        raise NotFound("MP6045")
    emit(PurchaseVerified(seat.user_id, seat.licence.package_id, is_verified=False))


def _written(action: Action, licence: Licence, seat: Seat, by: Viewer) -> None:
    audit(
        action, by=by, kind="seat", subject=seat.public_id, name=licence.package.full_name,
        organization_id=licence.organization_id, data={"licence": str(licence.public_id), "person": seat.user_id},
    )  # fmt: skip
