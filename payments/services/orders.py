"""Orders: from the order page to the processor's page; nothing is paid here, and nothing is given."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from marketplace.core import tenancy
from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.domain.audit import Action
from marketplace.models import User
from marketplace.services.audit import audit
from payments.clients import Checkout, billing
from payments.domain.prices import SEATS_MOST
from payments.models import Licence, Order, Price
from payments.selectors.licences import open_licences
from payments.services.access import ensure_can_buy, ensure_may
from payments.services.billing import customer_of, subscriber_of_organization, subscriber_of_user

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from marketplace.models import Organization

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


def order_start(*, price: Price, seats: int, organization: Organization | None, by: Viewer) -> Order:
    """Begin an order and open its page at the processor; its address is `checkout_url`.

    Nothing is charged before the buyer pays there. Raises NotAllowed MP6022, MP6024, MP9002; Invalid MP6020, MP6021;
    Conflict MP6023; Unavailable MP6030. The order stays, without a page, when the processor does not answer.
    """
    order = _order_write(price=price, seats=seats, organization=organization, by=by)
    return order_open(order=order)


@transaction.atomic
def _order_write(*, price: Price, seats: int, organization: Organization | None, by: Viewer) -> Order:
    ensure_can_buy(by=by, organization=organization)
    price = Price.objects.select_related("package").get(pk=price.pk)
    if price.archived_at is not None or not price.stripe_price:
        raise Invalid("MP6020")
    wanted = seats if price.is_per_seat else 1
    if not 1 <= wanted <= (SEATS_MOST if organization else 1):
        raise Invalid("MP6021", {"most": SEATS_MOST if organization else 1})
    user = User.objects.get(pk=by.user_id or 0)
    if organization is None:
        account = subscriber_of_user(user)
    else:
        account = subscriber_of_organization(organization, email=user.email)
    holder = {"organization": organization} if organization else {"user": user}
    if open_licences(package_id=price.package_id, **holder).exists():
        raise Conflict("MP6023", {"name": price.package.full_name})
    order = Order.objects.create(
        number=number_make(), account=account, package=price.package, price=price, seats=wanted, buyer=user,
        buyer_name=str(user), **holder,
    )  # fmt: skip
    data = {"price": str(price.public_id), "seats": wanted, "total": price.terms.total(wanted).amount}
    audit(
        Action.ORDER_START, by=by, kind="order", subject=order.public_id, name=price.package.full_name,
        organization_id=order.organization_id, data=data,
    )  # fmt: skip
    return order


def trial_days(price: Price, *, user_id: int | None = None, organization_id: int | None = None) -> int:
    """Days of trial that the buyer would get: the price's, once; whoever had a licence for the package has tried it."""
    holder = Q(user_id=user_id) if organization_id is None else Q(organization_id=organization_id)
    had = Licence.objects.filter(holder, package_id=price.package_id)
    return 0 if price.trial_days and had.exists() else price.trial_days


def order_open(*, order: Order) -> Order:
    """Open the order's page at the processor, or find the one that an interrupted call opened."""
    base = f"{settings.BASE_URL}/orders/{order.public_id}"
    days = trial_days(order.price, user_id=order.user_id, organization_id=order.organization_id)
    terms = replace(order.price.terms, trial_days=days)
    checkout = Checkout(
        order=str(order.public_id), customer=customer_of(order.account), price=order.price.stripe_price,
        seats=order.seats, terms=terms, success_url=f"{base}?paid=1", cancel_url=f"{base}?left=1",
    )  # fmt: skip
    order.stripe_session, order.checkout_url = billing().checkout_open(checkout)
    order.save(update_fields=["stripe_session", "checkout_url"])
    return order


def order_resume(*, order: Order, by: Viewer) -> Order:
    """The order with an open page at the processor; raises NotFound MP6025, Conflict MP6020 when it is over."""
    ensure_can_buy(by=by, organization=order.organization)
    if order.state != Order.State.OPEN:
        raise Conflict("MP6020")
    return order if order.checkout_url else order_open(order=order)


@transaction.atomic
def portal_address(*, licence: Licence, by: Viewer) -> str:
    """The address of the processor's page for cards and invoices; raises as `ensure_may`, Unavailable MP6030."""
    ensure_may(by=by, licence=licence)
    with tenancy.bound(tenancy.SYSTEM):
        account = Order.objects.select_related("account").get(licence=licence).account
    if not account.stripe_customer:
        raise NotFound("MP6025")
    name = licence.package.full_name
    audit(
        Action.PORTAL_OPEN, by=by, kind="licence", subject=licence.public_id, name=name,
        organization_id=licence.organization_id,
    )  # fmt: skip
    return billing().portal_open(account.stripe_customer, f"{settings.BASE_URL}/licences/{licence.public_id}")


def number_make() -> str:
    """An order's number as people read it: `8F3K-92QD`."""
    letters = [secrets.choice(LETTERS) for _ in range(8)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"
