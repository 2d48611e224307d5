"""Reads of orders, licences and seats: always for a viewer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from marketplace.core.errors import NotFound
from payments.domain.licences import OPEN
from payments.models import Dispute, Licence, Order, Payment, Seat

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from marketplace.domain.viewer import Viewer


def is_open_now() -> Q:
    """The condition on licences: they open the door at this moment (`payments.domain.licences.is_open`)."""
    states = [state.value for state in OPEN]
    return Q(state__in=states) & (Q(open_until=None) | Q(open_until__gt=timezone.now()))


def open_licences(**equal: Any) -> QuerySet[Licence]:
    """Licences that are open now."""
    return Licence.objects.filter(is_open_now(), **equal)


def _of(viewer: Viewer) -> Q:
    if viewer.is_system:
        return Q()
    own = Q(user_id=viewer.user_id) if viewer.user_id is not None else Q(pk__in=[])
    return own | Q(organization_id__in=viewer.organization_ids)


def licences_of(viewer: Viewer) -> QuerySet[Licence]:
    """The viewer's own licences and those of the viewer's organizations, newest first."""
    joined = Licence.objects.select_related("package__publisher", "order__price", "organization", "user")
    return joined.filter(_of(viewer)).order_by("-id")


def licence_get(viewer: Viewer, public_id: UUID) -> Licence:
    """One licence; raises NotFound MP6040."""
    licence = licences_of(viewer).filter(public_id=public_id).first()
    if licence is None:
        raise NotFound("MP6040")
    return licence


def orders_of(viewer: Viewer) -> QuerySet[Order]:
    """The viewer's own orders and those of the viewer's organizations, newest first."""
    joined = Order.objects.select_related("package__publisher", "price", "organization", "account__user")
    return joined.filter(_of(viewer)).order_by("-id")


def order_get(viewer: Viewer, public_id: UUID) -> Order:
    """One order; raises NotFound MP6025."""
    order = orders_of(viewer).filter(public_id=public_id).first()
    if order is None:
        raise NotFound("MP6025")
    return order


def seats_of(licence: Licence) -> QuerySet[Seat]:
    """Who has a seat now, in the order in which they got it."""
    return Seat.objects.filter(licence=licence, released_at=None).select_related("user").order_by("given_at", "id")


def payments_of(order: Order) -> QuerySet[Payment]:
    """What was paid for the order, newest first, with disputes."""
    return Payment.objects.filter(order=order).prefetch_related("disputes").order_by("-paid_at", "-id")


def disputes_open() -> QuerySet[Dispute]:
    """Disputes that are not decided."""
    return Dispute.objects.filter(state=Dispute.State.OPEN)


def licence_for(viewer: Viewer, package_id: int) -> Licence | None:
    """The viewer's licence for a package that says most: an open one first, the newest of those that are over else."""
    found = list(licences_of(viewer).filter(package_id=package_id)[:20])
    now = timezone.now()
    opens = [row for row in found if row.state in OPEN and (row.open_until is None or row.open_until > now)]
    return next(iter(opens or found), None)


def buyers_of(package_ids: Iterable[int], user_id: int) -> set[int]:
    """Which of these packages the user holds an open licence or seat for."""
    mine = open_licences(package_id__in=list(package_ids)).filter(
        Q(user_id=user_id) | Q(given__user_id=user_id, given__released_at=None)
    )
    return set(mine.values_list("package_id", flat=True))
