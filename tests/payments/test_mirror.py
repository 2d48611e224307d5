"""dj-stripe's mirror: its migrations are our squashed copy, and what it cannot take stops nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
import stripe
from django.db.migrations.loader import MigrationLoader
from django.test import override_settings
from djstripe.models import Charge, Customer, Subscription

from payments.clients.mirror import mirror
from payments.models import Order
from payments.services.syncing import order_mirror
from payments.views.subscriber import subscriber_of_request

if TYPE_CHECKING:
    from tests.payments.shop import Shop


PLACE = re.compile(r"0x[0-9a-f]+")


def told(modules: dict[str, str]) -> dict[str, Any]:
    """Every model of dj-stripe at the end of its migrations: fields, options, bases."""
    with override_settings(MIGRATION_MODULES=modules):
        loader = MigrationLoader(None, ignore_no_migrations=True)
        state = loader.project_state([node for node in loader.graph.leaf_nodes() if node[0] == "djstripe"])
    return {
        name: (
            {field: value.deconstruct()[1:] for field, value in model.fields.items()},
            {key: value for key, value in model.options.items() if value},
            [str(base) for base in model.bases],
        )
        for (app, name), model in state.models.items()
        if app == "djstripe"
    }


def test_the_squashed_migrations_equal_the_end_state_of_the_wheel() -> None:
    squashed, wheel = told({"djstripe": "config.djstripe_migrations"}), told({})

    assert sorted(squashed) == sorted(wheel)
    for name in wheel:
        assert PLACE.sub("", str(squashed[name])) == PLACE.sub("", str(wheel[name])), name


@pytest.mark.usefixtures("as_system")
def test_everything_about_an_order_is_mirrored(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500))

    order_mirror(order_id=licence.order_id)

    assert Order.objects.get().sync_error == ""
    assert Subscription.objects.get().id == licence.order.stripe_subscription
    assert Charge.objects.get().stripe_data["amount"] == 500
    assert Customer.objects.count() == 1


@pytest.mark.usefixtures("as_system")
def test_a_customer_with_a_discount_is_reported_and_stops_no_licence(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500))
    customer = shop.every("customer")[0]
    discount = {
        "id": "di_1", "object": "discount", "start": 1, "end": None, "customer": customer["id"],
        "source": {"type": "coupon", "coupon": None}, "subscription": None, "promotion_code": None,
        "checkout_session": None, "invoice": None, "invoice_item": None,
    }  # fmt: skip
    shop.sandbox.world.change(customer, discount=discount)

    order_mirror(order_id=licence.order_id)
    shop.clock(32)

    assert shop.fresh(licence).state == "active"
    assert "RuntimeError" in Order.objects.get().sync_error


@pytest.mark.usefixtures("as_system")
def test_what_cannot_be_mirrored_is_said_by_id(shop: Shop) -> None:
    assert shop
    broken = stripe.StripeObject.construct_from({"id": "sub_x", "object": "subscription"}, "key")

    assert mirror([broken])[0].startswith("sub_x: ")


def test_the_subscriber_of_a_request_is_the_billing_account_of_its_user(shop: Shop) -> None:
    from django.test import RequestFactory  # noqa: PLC0415  (only here)

    from marketplace.core import tenancy  # noqa: PLC0415  (likewise)

    request = RequestFactory().get("/")
    request.user = shop.buyer
    with tenancy.bound(tenancy.SYSTEM):
        assert subscriber_of_request(request).user == shop.buyer
