"""Webhooks: verified, stored once, worked off in any order, never lost."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from marketplace.core import tenancy
from marketplace.core.errors import Unavailable
from marketplace.domain.viewer import SYSTEM
from marketplace.models import AuditEntry, OutboxEntry
from marketplace.services import outbox
from payments.clients import Billing, billing
from payments.models import Licence, Payment, WebhookEvent
from payments.sandbox.webhooks import signed
from payments.services import webhooks
from tests.payments.shop import VISA, WEBHOOK, Shop

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.usefixtures("as_system")


def event(**changes: Any) -> bytes:
    thing = {"id": "cs_test_1", "object": "checkout.session", "metadata": {}}
    return json.dumps(
        {"id": "evt_1", "object": "event", "type": "x", "livemode": False, "data": {"object": thing}} | changes
    ).encode()


def post(body: bytes, signature: str) -> int:
    headers = {"Stripe-Signature": signature}
    with tenancy.bound(tenancy.current.get()):
        return Client().generic("POST", WEBHOOK, body, "application/json", headers=headers).status_code


def sign(body: bytes, *, secret: str = "", age: int = 0) -> str:
    return signed(secret or settings.STRIPE_WEBHOOK_SECRET, body, int(time.time()) - age)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda body: (body + b" ", sign(body)),
        lambda body: (body, sign(body, secret="whsec_of_another_endpoint")),
        lambda body: (body, sign(body, age=301)),
        lambda body: (body, ""),
        lambda body: (body, "t=1,v1=00"),
        lambda _body: (b"[]", sign(b"[]")),
        lambda _body: (b"\xff", sign(b"\xff")),
        lambda _body: (event(livemode=True), sign(event(livemode=True))),
    ],
    ids=["tampered", "wrong endpoint", "old", "unsigned", "nonsense", "no event", "no text", "live"],
)
def test_what_is_not_a_fresh_signed_event_is_refused_and_leaves_nothing(
    shop: Shop, tamper: Callable[[bytes], tuple[bytes, str]]
) -> None:
    assert shop
    assert post(*tamper(event())) == 400
    assert not WebhookEvent.objects.exists()
    assert not OutboxEntry.objects.exists()


def test_a_huge_webhook_is_refused_unread(shop: Shop) -> None:
    assert shop
    body = b"x" * (webhooks.BODY_MOST + 1)

    assert post(body, sign(body)) == 413
    assert not WebhookEvent.objects.exists()


def test_a_replayed_event_is_stored_once(shop: Shop) -> None:
    assert shop
    body = event()

    assert [post(body, sign(body)), post(body, sign(body))] == [200, 200]
    assert WebhookEvent.objects.count() == 1
    assert OutboxEntry.objects.count() == 1


def test_no_secret_lets_nothing_in(shop: Shop) -> None:
    assert shop
    with override_settings(STRIPE_WEBHOOK_SECRET=""):
        assert post(event(), sign(event(), secret="x")) == 400


def test_where_nothing_is_sold_there_is_no_such_address(shop: Shop) -> None:
    assert shop
    with override_settings(PAYMENTS="off"):
        assert post(event(), sign(event())) == 404


@pytest.mark.parametrize("order", [1, -1], ids=["in order", "reversed"])
@pytest.mark.parametrize("times", [1, 3])
def test_any_order_and_repetition_ends_the_same(shop: Shop, order: int, times: int) -> None:
    shop.pay(shop.order(shop.price("month", 500)).checkout_url, card=VISA)
    parcels = shop.ask("take")[::order]

    for parcel in [item for item in parcels for _ in range(times)]:
        assert shop.deliver(parcel) == 200
    shop.work()

    licence = Licence.objects.get()
    assert (licence.state, licence.seats) == ("active", 1)
    assert Payment.objects.count() == 1
    assert WebhookEvent.objects.filter(processed_at=None).count() == 0
    assert AuditEntry.objects.filter(action="payments:licence:change").count() == 1


def test_a_refund_that_is_told_first_still_finds_its_subscription(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500))
    payment = Payment.objects.get()
    Payment.objects.all().delete()

    payload = {"data": {"object": {"id": "re_1", "object": "refund", "payment_intent": payment.stripe_intent}}}

    assert webhooks.orders_about(payload) == [licence.order_id]


def test_a_burst_about_one_order_asks_the_processor_once(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    order = shop.order(shop.price())
    shop.pay(order.checkout_url, card=VISA)
    asked = []

    def counted() -> Billing:
        asked.append(1)
        return billing()

    monkeypatch.setattr("payments.services.syncing.billing", counted)

    for parcel in shop.ask("take"):
        shop.deliver(parcel)
    shop.work()

    assert Licence.objects.get().state == "active"
    assert len(asked) == 1


def test_an_event_that_cannot_be_processed_is_kept_and_can_be_replayed(shop: Shop) -> None:
    order = shop.order(shop.price())
    shop.pay(order.checkout_url, card=VISA)
    with override_settings(STRIPE_API_HOST="http://127.0.0.1:9"):
        for parcel in shop.ask("take"):
            shop.deliver(parcel)
        about = WebhookEvent.objects.get(kind="checkout.session.completed")
        WebhookEvent.objects.filter(pk=about.pk).update(attempts=webhooks.ATTEMPTS - 1)
        with pytest.raises(Unavailable):
            webhooks.event_process(str(about.public_id))
    about.refresh_from_db()
    assert (about.attempts, about.given_up_at is not None, about.processed_at) == (8, True, None)
    assert "does not answer" in about.error
    assert not Licence.objects.exists()

    OutboxEntry.objects.all().delete()
    webhooks.event_replay(event=about, by=SYSTEM)
    shop.work()

    about.refresh_from_db()
    assert (about.given_up_at, about.error) == (None, "")
    assert Licence.objects.get().state == "active"
    assert AuditEntry.objects.filter(action="payments:event:replay").count() == 1


def test_a_worker_that_dies_between_store_and_work_loses_nothing(shop: Shop) -> None:
    shop.pay(shop.order(shop.price()).checkout_url, card=VISA)
    for parcel in shop.ask("take"):
        shop.deliver(parcel)
    for row in OutboxEntry.objects.all():
        assert outbox.claim(str(row.public_id)) is not None  # taken by a worker that is never heard of again
    OutboxEntry.objects.update(leased_until=None, due_at="2020-01-01T00:00:00Z")

    shop.work()

    assert Licence.objects.get().state == "active"
    assert WebhookEvent.objects.filter(processed_at=None).count() == 0
