"""Whatever webhooks do, the licences in the end are those that came in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from marketplace.core import tenancy
from marketplace.core.errors import MarketplaceError
from marketplace.models import User
from payments.models import Dispute, Licence, Payment, Seat, WebhookEvent
from payments.sandbox.api import Call, answer
from payments.services.reconcile import reconcile
from payments.services.seats import seat_at_first_use
from payments.services.syncing import order_sync
from tests.payments.shop import FAILS_LATER, VISA, Shop, sandbox_running

if TYPE_CHECKING:
    from collections.abc import Callable

    from payments.models import Price

STEPS = st.lists(
    st.sampled_from(
        ["more", "fewer", "seats", "refund", "part", "dispute", "won", "lost", "month", "week", "end", "new card"]
    ),
    max_size=5,
)
FATES = st.lists(st.sampled_from(["once", "twice", "dropped", "late"]), min_size=1, max_size=12)


def step(shop: Shop, what: str) -> None:
    """One thing that happens at the processor; what makes no sense now is refused and left out."""
    world, paid = shop.sandbox.world, [row for row in shop.every("charge") if row["paid"]]
    customers = shop.every("customer")
    subscriptions_held = [row for row in shop.every("subscription") if row["status"] != "canceled"]
    api: dict[str, Callable[[], Any]] = {
        "more": lambda: _call(shop, "subscription_items", _item(shop), quantity=5),
        "fewer": lambda: _call(shop, "subscription_items", _item(shop), quantity=2),
        "seats": lambda: _seated(shop),
        "refund": lambda: _call(shop, "refunds", "", charge=paid[0]["id"]),
        "part": lambda: _call(shop, "refunds", "", charge=paid[0]["id"], amount=100),
        "dispute": lambda: shop.ask("dispute", charge=paid[0]["id"]),
        "won": lambda: shop.pay(world.base_url, act="won", of=shop.every("dispute")[0]["id"]),
        "lost": lambda: shop.pay(world.base_url, act="lost", of=shop.every("dispute")[0]["id"]),
        "month": lambda: shop.ask("clock", advance=31 * 86400),
        "week": lambda: shop.ask("clock", advance=7 * 86400),
        "end": lambda: _call(shop, "subscriptions", subscriptions_held[0]["id"], cancel_at_period_end="true"),
        "new card": lambda: _call(shop, "payment_methods", "pm_card_visa/attach", customer=customers[0]["id"]),
    }
    try:
        api[what]()
    except (IndexError, OSError, MarketplaceError, Licence.DoesNotExist):
        return


def _seated(shop: Shop) -> None:
    """Every member takes a seat, as far as there are any."""
    licence = Licence.objects.get()
    for user in User.objects.exclude(pk=shop.seller.pk):
        seat_at_first_use(licence_id=licence.pk, user_id=user.pk, by=shop.viewer(user))


def _item(shop: Shop) -> str:
    return str(shop.every("subscription_item")[0]["id"])


def _call(shop: Shop, kind: str, key: str, **params: Any) -> Any:
    body = "&".join(f"{name}={value}" for name, value in params.items())
    path = f"/v1/{kind}/{key}".rstrip("/")
    return answer(shop.sandbox.world, Call("POST", path, {"authorization": "Bearer sk_test_x"}, body))


def told(shop: Shop, fates: list[str]) -> None:
    """Deliver what waits, each webhook by its fate."""
    late: list[dict[str, str]] = []
    for number, parcel in enumerate(shop.ask("take")):
        fate = fates[number % len(fates)]
        if fate == "late":
            late.insert(0, parcel)
        for _ in range({"once": 1, "twice": 2}.get(fate, 0)):
            assert shop.deliver(parcel) == 200
    shop.work()
    for parcel in late:
        assert shop.deliver(parcel) == 200
    shop.work()


def seats_held() -> int:
    """How many seats are given out; the licence counts the same."""
    held = Seat.objects.filter(released_at=None).count()
    assert [licence.seats_taken for licence in Licence.objects.all()] == [held]
    return held


def ended() -> tuple[Any, ...]:
    """Everything that the buyer and the seller see."""
    licences = list(Licence.objects.values_list("state", "reason", "seats", "open_until", "renews_at"))
    payments = sorted(Payment.objects.values_list("stripe_intent", "amount", "refunded"))
    return licences, payments, sorted(Dispute.objects.values_list("stripe_dispute", "state"))


CARDS = st.sampled_from([VISA, FAILS_LATER])
QUIET = [HealthCheck.function_scoped_fixture]


@pytest.mark.usefixtures("as_system", "db")
@settings(max_examples=1, suppress_health_check=QUIET, deadline=None)
@given(steps=STEPS, fates=FATES, card=CARDS)
@example(steps=["more", "seats", "part", "dispute"], fates=["late", "twice", "dropped"], card=VISA)
@example(steps=["month", "week", "new card"], fates=["dropped", "once", "late"], card=FAILS_LATER)
@example(steps=["dispute", "won", "refund"], fates=["twice", "late", "dropped", "once"], card=VISA)
def test_any_fate_of_webhooks_ends_in_the_same_licences_and_seats(
    run_jobs: Callable[[], int], steps: list[str], fates: list[str], card: str
) -> None:
    lived(run_jobs, steps, fates, card)


@pytest.mark.long
@pytest.mark.usefixtures("as_system", "db")
@settings(max_examples=40, suppress_health_check=QUIET, deadline=None)
@given(steps=STEPS, fates=FATES, card=CARDS)
def test_forty_more_fates_end_in_the_same(
    run_jobs: Callable[[], int], steps: list[str], fates: list[str], card: str
) -> None:
    lived(run_jobs, steps, fates, card)


def lived(run_jobs: Callable[[], int], steps: list[str], fates: list[str], card: str) -> None:
    """One shop's life with these steps and fates ends as if every webhook had come in order; nothing is kept."""
    tenancy.bind(tenancy.SYSTEM)
    with transaction.atomic(), sandbox_running() as sandbox:
        shop = Shop(sandbox, run_jobs)
        price: Price = shop.price("month", 300, is_per_seat=True)
        people = [shop.person(name) for name in ("mia", "noah", "olga", "paul")]
        order = shop.order(price, 3, shop.organization(shop.buyer, *people))
        shop.pay(order.checkout_url, card=card)
        told(shop, fates)
        for what in steps:
            step(shop, what)
            told(shop, fates)
        list(reconcile())
        seen = ended()

        taken = seats_held()
        assert taken <= Licence.objects.get().seats
        for model in (Dispute, Payment, Seat, Licence):
            model.objects.all().delete()
        order_sync(order_id=order.pk)  # as if every webhook had come in order, once

        assert seen == ended()
        assert len(seen[0]) == 1
        assert all(held["total"] == 0 for held in shop.ask("ledger").values())
        assert not WebhookEvent.objects.filter(processed_at=None).exists()
        transaction.set_rollback(True)
