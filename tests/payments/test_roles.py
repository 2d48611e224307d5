"""Every act of the API as nobody, a member, an outsider, a moderator and whoever may: a refusal changes nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client, override_settings

from marketplace.core import tenancy
from marketplace.models import AuditEntry, OutboxEntry, User
from payments.models import Dispute, Licence, Order, Payment, Price, Promotion, Seat, WebhookEvent
from payments.services.prices import promotion_create

if TYPE_CHECKING:
    from tests.payments.shop import Shop
    from tests.query_counts import SameQueries

pytestmark = pytest.mark.usefixtures("as_system")
BASE = "/packages/@tess/seed-data"
ROWS = (Dispute, Licence, Order, Payment, Price, Promotion, Seat, WebhookEvent, AuditEntry)


@pytest.fixture
def town(shop: Shop) -> Shop:
    """A licence with seats of an organization, one of them given; a code, a dispute, an event; one of each person."""
    member = shop.person("mia")
    price = shop.price("month", 300, is_per_seat=True)
    promotion_create(package=shop.package, code="spring", percent=10, by=shop.viewer(shop.seller))
    licence = shop.bought(price, 2, shop.organization(shop.buyer, member))
    seat = Seat.objects.create(licence=licence, user=shop.buyer)
    shop.ask("dispute", charge=Payment.objects.get().stripe_charge)
    shop.settle()
    shop.pay(shop.sandbox.world.base_url, act="won", of=Dispute.objects.get().stripe_dispute)
    shop.settle()
    moderator = shop.person("mod")
    User.objects.filter(pk=moderator.pk).update(is_moderator=True, is_staff=True)
    shop.people = {  # type: ignore[attr-defined]  # for the tests below
        "anonymous": None, "member": member, "outsider": shop.person("zoe"), "moderator": moderator,
        "payer": shop.buyer, "seller": shop.seller,
    }  # fmt: skip
    shop.names = {  # type: ignore[attr-defined]  # likewise
        "licence": licence.public_id, "order": licence.order.public_id, "seat": seat.public_id,
        "price": price.public_id, "code": Promotion.objects.get().public_id, "payment": Payment.objects.get().public_id,
        "event": WebhookEvent.objects.order_by("pk")[0].public_id, "member": member.public_id,
    }  # fmt: skip
    return shop


def call(shop: Shop, who: str, method: str, path: str, body: Any = None) -> Any:
    """The status of one call, with the session of one of the people."""
    client, user = Client(), shop.people[who]  # type: ignore[attr-defined]  # set by the fixture
    if user is not None:
        client.force_login(User.objects.get(pk=user.pk))
    path = path.format(**shop.names)  # type: ignore[attr-defined]  # likewise
    text = "" if body is None else json.dumps(body).replace("MEMBER", str(shop.names["member"]))  # type: ignore[attr-defined]  # likewise
    text = text.replace("PRICE", str(shop.names["price"]))  # type: ignore[attr-defined]  # likewise
    with tenancy.bound(tenancy.current.get()):
        return client.generic(method, f"/api/v1{path}", text, "application/json")


LICENCE, SELLING = "/licences/{licence}", f"{BASE}"
PAYER = {"anonymous": 401, "member": 403, "outsider": 404, "moderator": 404, "seller": 404}
SELLER = {"anonymous": 401, "member": 403, "outsider": 403, "moderator": 403, "payer": 403}
WRITES: dict[str, tuple[str, str, Any, dict[str, int]]] = {
    "end": ("PATCH", LICENCE, {"act": "end"}, PAYER),
    "keep": ("PATCH", LICENCE, {"act": "keep"}, PAYER),
    "seats": ("PATCH", LICENCE, {"act": "seats", "seats": 5}, PAYER),
    "first use": ("PATCH", LICENCE, {"act": "first_use", "gives": False}, PAYER),
    "refund": ("PATCH", LICENCE, {"act": "refund", "reason": "x"}, PAYER),
    "give": ("POST", f"{LICENCE}/seats", {"person": "MEMBER"}, PAYER),
    "transfer": ("PATCH", f"{LICENCE}/seats/{{seat}}", {"person": "MEMBER"}, PAYER),
    "take": ("DELETE", f"{LICENCE}/seats/{{seat}}", None, PAYER),
    "billing": ("POST", f"{LICENCE}/billing", None, PAYER),
    "preview": ("GET", f"{LICENCE}/preview?seats=3", None, PAYER),
    "papers": ("GET", f"{LICENCE}/payments", None, PAYER),
    "seat list": ("GET", f"{LICENCE}/seats", None, PAYER),
    "price": ("POST", f"{SELLING}/prices", {"interval": "once", "amount": 900, "currency": "eur"}, SELLER),
    "price stop": ("DELETE", f"{SELLING}/prices/{{price}}", None, SELLER),
    "code": ("POST", f"{SELLING}/promotions", {"code": "more", "percent_off": 5}, SELLER),
    "code list": ("GET", f"{SELLING}/promotions", None, SELLER),
    "code stop": ("DELETE", f"{SELLING}/promotions/{{code}}", None, SELLER),
    "payments": ("GET", f"{SELLING}/payments", None, SELLER),
    "give back": ("POST", f"{SELLING}/payments/{{payment}}/refund", {"amount": 100, "reason": "x"}, SELLER),
    "replay": ("POST", "/payment-events/{event}/replay", None, PAYER | {"member": 404, "payer": 404}),
    "events": ("GET", "/payment-events", None, PAYER | {"member": 404, "payer": 404}),
    "buy for all": (
        "POST", "/orders", {"price": "PRICE", "organization": "halyard", "seats": 1},
        {"anonymous": 401, "member": 403, "outsider": 404, "moderator": 404, "seller": 404},
    ),
}  # fmt: skip


def counted() -> list[tuple[int, list[Any]]]:
    return [(model.objects.count(), list(model.objects.order_by("pk").values_list())) for model in ROWS]


@pytest.mark.parametrize("who", ["anonymous", "member", "outsider", "moderator", "seller", "payer"])
def test_who_may_not_is_refused_and_nothing_has_changed(town: Shop, who: str) -> None:
    before, money = counted(), town.ask("ledger")

    asked = {name: wanted[who] for name, (_, _, _, wanted) in WRITES.items() if who in wanted}
    answers = {name: call(town, who, *WRITES[name][:3]).status_code for name in asked}

    assert answers == asked
    assert counted() == before
    assert town.ask("ledger") == money
    assert not OutboxEntry.objects.filter(job="payments.event_process").exists()


def test_lists_show_each_caller_only_what_is_theirs(town: Shop) -> None:
    def numbers(who: str, path: str) -> int:
        told = call(town, who, "GET", path).json()
        return len(told["results"] if isinstance(told, dict) else told)

    assert {who: numbers(who, "/licences") for who in ("member", "outsider", "moderator", "payer", "seller")} == {
        "member": 1, "outsider": 0, "moderator": 0, "payer": 1, "seller": 0,
    }  # fmt: skip
    assert {who: numbers(who, "/disputes") for who in ("member", "outsider", "payer", "seller")} == {
        "member": 0, "outsider": 0, "payer": 0, "seller": 1,
    }  # fmt: skip
    assert numbers("seller", "/disputes?state=open") == 0
    assert {who: numbers(who, "/sales") for who in ("member", "outsider", "seller")} == {
        "member": 0, "outsider": 0, "seller": 1,
    }  # fmt: skip
    for path in ("/licences", "/orders", "/disputes", "/sales", "/payment-events"):
        assert call(town, "anonymous", "GET", path).status_code == 401


def test_the_payer_does_everything_over_the_api(town: Shop) -> None:
    shown = call(town, "payer", "GET", f"{LICENCE}/preview?seats=3").json()
    assert (shown["then"], shown["currency"]) == (900, "eur")
    assert call(town, "payer", "GET", f"{LICENCE}/payments").json()[0]["invoice_number"]
    assert call(town, "payer", "POST", f"{LICENCE}/billing").json()["url"].startswith(town.sandbox.world.base_url)
    made = call(town, "payer", "PATCH", f"{LICENCE}/seats/{{seat}}", {"person": "MEMBER"})
    assert (made.status_code, Seat.objects.get(released_at=None).user) == (200, town.people["member"])  # type: ignore[attr-defined]  # set by the fixture
    told = call(town, "payer", "PATCH", LICENCE, {"act": "first_use", "gives": False}).json()
    assert told["gives_at_first_use"] is False
    assert call(town, "payer", "PATCH", LICENCE, {"act": "seats", "seats": 4}).json()["seats"] == 4


def test_the_seller_does_everything_over_the_api(town: Shop) -> None:
    (dispute,) = call(town, "seller", "GET", "/disputes").json()
    assert (dispute["package"], dispute["state"]) == ("@tess/seed-data", "won")
    assert [row["code"] for row in call(town, "seller", "GET", f"{SELLING}/promotions").json()] == ["SPRING"]
    assert call(town, "seller", "DELETE", f"{SELLING}/promotions/{{code}}").status_code == 204
    made = call(town, "seller", "POST", f"{SELLING}/prices", WRITES["price"][2])
    assert made.status_code == 201
    assert call(town, "seller", *WRITES["give back"][:3]).status_code == 204
    assert Payment.objects.get().refunded == 100
    assert AuditEntry.objects.filter(action="payments:payment:refund", data__reason="x").count() == 1
    assert call(town, "seller", "GET", "/sales").json()[0]["seats_taken"] == 1
    assert call(town, "seller", "DELETE", f"{SELLING}/prices/{{price}}").status_code == 204


def test_whoever_runs_the_site_sees_and_replays_events(town: Shop) -> None:
    staff = User.objects.create_superuser("root@example.com", "password-1")
    town.people["staff"] = staff  # type: ignore[attr-defined]  # set by the fixture
    assert call(town, "staff", "GET", "/payment-events").status_code == 404  # no second factor yet
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={})
    WebhookEvent.objects.filter(public_id=town.names["event"]).update(given_up_at="2026-01-01T00:00:00Z", attempts=8)  # type: ignore[attr-defined]  # likewise

    (dead,) = call(town, "staff", "GET", "/payment-events?state=dead").json()["results"]
    assert call(town, "staff", "POST", f"/payment-events/{dead['id']}/replay").json()["given_up_at"] is None
    town.work()
    assert WebhookEvent.objects.get(public_id=dead["id"]).processed_at is not None


def test_where_nothing_is_sold_no_address_of_payments_answers(town: Shop) -> None:
    with override_settings(PAYMENTS="off"):
        for who in ("payer", "seller"):
            for method, path, body, _ in WRITES.values():
                assert call(town, who, method, path, body).status_code == 404, path
            for path in ("/licences", "/orders", "/disputes", "/sales", LICENCE, "/orders/{order}"):
                assert call(town, who, "GET", path).status_code == 404, path


def test_an_event_list_asks_the_same_for_one_and_for_ten(town: Shop, assert_same_queries: SameQueries) -> None:
    staff = User.objects.create_superuser("root@example.com", "password-1")
    Authenticator.objects.create(user=staff, type=Authenticator.Type.TOTP, data={})
    town.people["staff"] = staff  # type: ignore[attr-defined]  # set by the fixture

    def grow(count: int) -> None:
        for _ in range(count):
            number = WebhookEvent.objects.count()
            WebhookEvent.objects.create(stripe_event=f"evt_{number}", kind="x", payload={})

    client = Client()
    client.force_login(staff)

    def ask() -> None:
        with tenancy.bound(tenancy.current.get()):
            assert client.get("/api/v1/payment-events").status_code == 200

    assert_same_queries(grow, ask, most=14)


def test_a_second_checkout_of_the_same_package_is_refused(town: Shop) -> None:
    refused = call(town, "payer", "POST", "/orders", {"price": "PRICE", "organization": "halyard"})

    assert (refused.status_code, Order.objects.count()) == (409, 1)
