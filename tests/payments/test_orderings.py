"""Whatever webhooks do, the licences in the end are those that came in order."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.core import tenancy
from marketplace.core.errors import MarketplaceError
from payments.models import Dispute, Licence, Payment, WebhookEvent
from payments.sandbox.api import Call, answer
from payments.services.reconcile import reconcile
from payments.services.syncing import order_sync
from tests.payments.shop import FAILS_LATER, VISA, Shop, sandbox_running

if TYPE_CHECKING:
    from collections.abc import Callable

    from payments.models import Price

STEPS = st.lists(
    st.sampled_from(["more", "fewer", "refund", "part", "dispute", "won", "lost", "month", "week", "end", "new card"]),
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
    except (IndexError, OSError, MarketplaceError):
        return


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


def ended() -> tuple[Any, ...]:
    """Everything that the buyer and the seller see."""
    licences = list(Licence.objects.values_list("state", "reason", "seats", "seats_taken", "open_until", "renews_at"))
    payments = sorted(Payment.objects.values_list("stripe_intent", "amount", "refunded"))
    return licences, payments, sorted(Dispute.objects.values_list("stripe_dispute", "state"))


@pytest.mark.long
@pytest.mark.usefixtures("as_system")
@settings(max_examples=4, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps=STEPS, fates=FATES, card=st.sampled_from([VISA, FAILS_LATER]))
def test_any_fate_of_webhooks_ends_in_the_same_licences_and_seats(
    db: None, run_jobs: Callable[[], int], steps: list[str], fates: list[str], card: str
) -> None:
    assert db is None
    tenancy.bind(tenancy.SYSTEM)
    with transaction.atomic(), sandbox_running() as sandbox:
        shop = Shop(sandbox, run_jobs)
        price: Price = shop.price("month", 300, is_per_seat=True)
        order = shop.order(price, 3, shop.organization(shop.buyer))
        shop.pay(order.checkout_url, card=card)
        told(shop, fates)
        for what in steps:
            step(shop, what)
            told(shop, fates)
        list(reconcile())
        seen = ended()

        for model in (Dispute, Payment, Licence):
            model.objects.all().delete()
        order_sync(order_id=order.pk)  # as if every webhook had come in order, once

        assert seen == ended()
        assert len(seen[0]) == 1
        assert all(held["total"] == 0 for held in shop.ask("ledger").values())
        assert not WebhookEvent.objects.filter(processed_at=None).exists()
        transaction.set_rollback(True)
