"""The sandbox keeps Stripe's contract: answers fit its OpenAPI schema, inputs the pinned SDK's types."""

from __future__ import annotations

import sys
import typing
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pytest
import stripe

from payments.sandbox.routes import ROUTES
from payments.sandbox.shapes import SHAPES
from payments.sandbox.world import visible
from tests.payments import stripe_schema
from tests.payments.shop import DISPUTED, FAILS_LATER, SECURE, VISA, Shop, sandbox_running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from payments.sandbox.routes import Route
    from payments.sandbox.server import Sandbox

KEY = f"sk_test_{'1' * 32}"
LATER = {"StripeContext": Any, "Mapping": Mapping}
SILENT = {"invoiceitem", "plan"}


@pytest.fixture(scope="module")
def world() -> Iterator[Sandbox]:
    with sandbox_running() as sandbox:
        yield sandbox


@pytest.fixture(scope="module")
def api(world: Sandbox) -> Any:
    client = stripe.StripeClient(
        KEY,
        stripe_version="2026-05-27.dahlia",
        base_addresses={"api": world.world.base_url},
        http_client=stripe.RequestsClient(timeout=10),
        max_network_retries=0,
    )
    return client.v1


def lived(world: Sandbox, api: Any) -> None:
    """A little of everything, so that there is an object of each kind."""
    pay = Shop.pay
    customer = api.customers.create({"email": "ann@example.com", "name": "Ann"})
    product = api.products.create({"name": "Seed data"})
    once = api.prices.create({"product": product.id, "currency": "eur", "unit_amount": 2900})
    monthly = api.prices.create(
        {"product": product.id, "currency": "eur", "unit_amount": 300, "recurring": {"interval": "month"}}
    )
    coupon = api.coupons.create({"percent_off": 20, "duration": "repeating", "duration_in_months": 3})
    api.promotion_codes.create({"promotion": {"type": "coupon", "coupon": coupon.id}, "code": "TWENTY"})
    urls = {"success_url": "http://localhost/ok", "cancel_url": "http://localhost/no"}
    for price, card, code in ((once, DISPUTED, ""), (once, VISA, "TWENTY"), (monthly, SECURE, "TWENTY")):
        mode = "payment" if price is once else "subscription"
        session = api.checkout.sessions.create(
            {
                "mode": mode,
                "customer": customer.id,
                "line_items": [{"price": price.id, "quantity": 3}],
                "allow_promotion_codes": True,
                "invoice_creation": {"enabled": True},
                **urls,
            }
            if mode == "payment"
            else {
                "mode": mode,
                "customer": customer.id,
                "line_items": [{"price": price.id, "quantity": 3}],
                "allow_promotion_codes": True,
                **urls,
            }
        )
        pay(None, session.url, card=card, code=code, secure="approve")  # type: ignore[arg-type]  # needs no shop
    charges = api.charges.list({"customer": customer.id}).data
    api.refunds.create({"charge": next(row.id for row in charges if not row.disputed), "amount": 100})
    api.billing_portal.sessions.create({"customer": customer.id, "return_url": "http://localhost/"})
    failing = api.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": customer.id})
    api.subscriptions.create(
        {
            "customer": customer.id,
            "items": [{"price": monthly.id, "quantity": 2}],
            "trial_period_days": 7,
            "default_payment_method": failing.id,
        }
    )
    from payments.sandbox import timeline  # noqa: PLC0415  (the clock of this world)

    with world.world.store.transaction():
        timeline.move(world.world, 40 * 24 * 3600)


@pytest.fixture(scope="module")
def full(world: Sandbox, api: Any) -> Sandbox:
    lived(world, api)
    return world


@pytest.mark.parametrize("kind", sorted(set(SHAPES) - SILENT - {"line_item"}))
def test_answers_fit_the_schema_of_stripe(full: Sandbox, kind: str) -> None:
    if stripe_schema.schemas() is None:
        pytest.skip(f"{stripe_schema.WHEEL} could not be downloaded: answers were not compared with Stripe's schema")
    things = full.world.store.every(kind) or [{"id": "acct_1", "object": "account", **SHAPES["account"]}]
    validator = stripe_schema.validator_of(kind)

    for thing in things:
        faults = validator.iter_errors(visible(thing))
        assert [f"{list(fault.absolute_path)}: {fault.message[:300]}" for fault in faults] == []


def types_of(route: Route) -> Any:
    found: Any = stripe.params
    for part in route.sdk.split("."):
        found = getattr(found, part)
    return found


def inner(hint: Any, home: Any) -> Any:
    """The TypedDict or list in a hint, without NotRequired, Optional and Literal[""]; `home` is the class around it."""
    if isinstance(hint, typing.ForwardRef):
        names = vars(sys.modules[home.__module__]) | LATER
        return inner(eval(hint.__forward_arg__, names), home)  # noqa: S307  (the SDK's own annotation)
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if hasattr(hint, "__total__") or origin in {list, dict}:
        return hint
    return next((found for found in (inner(part, home) for part in arguments) if found is not None), None)


TYPED = [route for route in ROUTES if route.sdk]


@pytest.mark.parametrize("route", TYPED, ids=[f"{route.method} {route.path}" for route in TYPED])
def test_parameters_exist_in_the_pinned_sdk(route: Route) -> None:
    for path in route.params:
        here = types_of(route)
        for part in path.split("."):
            name, many = part.removesuffix("[]"), part.endswith("[]")
            hints = typing.get_type_hints(here, localns=LATER, include_extras=True)
            assert name in hints, f"{path} of {route.sdk}"
            home, here = here, inner(hints[name], here)
            if many:
                assert typing.get_origin(here) is list
                here = inner(typing.get_args(here)[0], home)


def test_an_unknown_parameter_is_an_error(api: Any) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.customers.create({"email": "a@example.com", "colour": "red"})
    assert (refused.value.code, refused.value.param) == ("parameter_unknown", "colour")


def test_the_same_idempotency_key_gives_the_same_object_and_another_request_an_error(api: Any) -> None:
    first = api.customers.create({"email": "a@example.com"}, {"idempotency_key": "one"})
    again = api.customers.create({"email": "a@example.com"}, {"idempotency_key": "one"})
    assert first.id == again.id
    with pytest.raises(stripe.IdempotencyError):
        api.customers.create({"email": "b@example.com"}, {"idempotency_key": "one"})


def test_another_api_version_and_live_keys_are_refused(world: Sandbox) -> None:
    base = {"api": world.world.base_url}
    plain = {"http_client": stripe.RequestsClient(timeout=10), "max_network_retries": 0, "base_addresses": base}
    with pytest.raises(stripe.InvalidRequestError):
        stripe.StripeClient(KEY, stripe_version="2020-08-27", **plain).v1.customers.list()  # type: ignore[arg-type]  # options by name
    with pytest.raises(stripe.AuthenticationError):
        stripe.StripeClient("sk_live_" + "1" * 32, stripe_version="2026-05-27.dahlia", **plain).v1.customers.list()  # type: ignore[arg-type]  # likewise


def test_lists_are_paged(api: Any) -> None:
    made = [api.products.create({"name": f"Product {number}"}).id for number in range(3)]
    first = api.products.list({"limit": 2})
    rest = api.products.list({"limit": 2, "starting_after": first.data[-1].id})
    assert [row.id for row in first.data] == [made[2], made[1]]
    assert (first.has_more, rest.data[0].id) == (True, made[0])


def test_a_failed_renewal_is_tried_again_and_then_unpaid(full: Sandbox) -> None:
    statuses = {row["status"] for row in full.world.store.every("subscription")}
    assert statuses == {"active", "unpaid"}
    assert FAILS_LATER


def test_the_ledger_sums_to_zero(full: Sandbox) -> None:
    from payments.sandbox.ledger import sums  # noqa: PLC0415  (only here)

    assert {currency: held["total"] for currency, held in sums(full.world.store).items()} == {"eur": 0}
