"""What becomes of seats and licences when a person leaves an organization, or an account ends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.domain.audit import Action
from marketplace.domain.events import MembershipEnded, OrganizationEnded, UserErased
from marketplace.domain.viewer import SYSTEM
from marketplace.services.audit import audit
from marketplace.services.outbox import emit, enqueue
from payments.clients import billing
from payments.domain.events import PurchaseVerified
from payments.domain.licences import DEAD
from payments.models import BillingAccount, Licence, Seat
from payments.services.syncing import order_sync

if TYPE_CHECKING:
    from django.db.models import QuerySet

JOB = "payments.subscription_end"


def seats_release(event: MembershipEnded | UserErased) -> None:
    """Projection: the seats that the person had through the organization (or at all) are free at once."""
    seats = Seat.objects.filter(user_id=event.user_id, released_at=None)
    if isinstance(event, MembershipEnded):
        seats = seats.filter(licence__organization_id=event.organization_id)
    with tenancy.bound(tenancy.SYSTEM):
        for seat in seats.select_related("licence__package").order_by("licence_id"):
            _release(seat)


@transaction.atomic
def _release(seat: Seat) -> None:
    Licence.objects.select_for_update(of=("self",)).get(pk=seat.licence_id)
    if not Seat.objects.filter(pk=seat.pk, released_at=None).update(released_at=timezone.now()):
        return
    licence = seat.licence
    emit(PurchaseVerified(seat.user_id, licence.package_id, is_verified=False))
    data = {"licence": str(licence.public_id), "person": seat.user_id, "reason": "left"}
    audit(
        Action.SEAT_TAKE, by=SYSTEM, kind="seat", subject=seat.public_id, name=licence.package.full_name,
        organization_id=licence.organization_id, data=data,
    )  # fmt: skip


def payer_forget(event: UserErased | OrganizationEnded) -> None:
    """Projection: nothing is charged any more, and the address for papers goes; orders and payments stay."""
    with tenancy.bound(tenancy.SYSTEM):
        for licence in _held(event).exclude(state__in=[state.value for state in DEAD]):
            if licence.order.stripe_subscription:
                enqueue(JOB, key=str(licence.pk), licence_id=licence.pk)
        accounts = BillingAccount.objects.filter(**_holder(event))
        for account in accounts:
            account.email = f"closed-{account.public_id}@invalid"
            account.save(update_fields=["email"])


def _held(event: UserErased | OrganizationEnded) -> QuerySet[Licence]:
    return Licence.objects.filter(**_holder(event)).select_related("order")


def _holder(event: UserErased | OrganizationEnded) -> dict[str, int]:
    if isinstance(event, UserErased):
        return {"user_id": event.user_id}
    return {"organization_id": event.organization_id}


def subscription_end(*, licence_id: int) -> None:
    """End the subscription of an account that is gone; ending it twice is no error. Raises Unavailable MP6030."""
    licence = Licence.objects.select_related("order__package").get(pk=licence_id)
    order = licence.order
    with transaction.atomic():
        audit(
            Action.LICENCE_END, by=SYSTEM, kind="licence", subject=licence.public_id, name=order.package.full_name,
            organization_id=licence.organization_id, data={"reason": "the account ended"},
        )  # fmt: skip
    billing().subscription_end(order.stripe_subscription)
    order_sync(order_id=order.pk)
