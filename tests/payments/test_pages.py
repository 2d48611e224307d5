"""Pages and API of payments as anonymous, buyer, member, outsider and moderator see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client, override_settings

from marketplace.core import tenancy
from marketplace.services.tokens import token_create
from payments.models import Licence, Order, Payment, Price, Seat
from tests.payments.shop import VISA

if TYPE_CHECKING:
    from django.http import HttpResponse

    from marketplace.models import User
    from tests.payments.shop import Shop
    from tests.query_counts import SameQueries

pytestmark = pytest.mark.usefixtures("as_system")
PACKAGE = "/@tess/seed-data"


class Browser:
    """A signed-in (or anonymous) browser; the test's own scope stays as it was."""

    def __init__(self, user: User | None = None) -> None:
        """Sign in."""
        self.client = Client()
        if user is not None:
            self.client.force_login(user)

    def get(self, path: str, **more: Any) -> HttpResponse:
        """GET."""
        with tenancy.bound(tenancy.current.get()):
            return self.client.get(path, **more)  # type: ignore[return-value]  # the test client's kind of answer

    def post(self, path: str, **form: str) -> HttpResponse:
        """POST a form."""
        with tenancy.bound(tenancy.current.get()):
            return self.client.post(path, form)  # type: ignore[return-value]  # likewise

    def call(self, method: str, path: str, body: Any = None) -> HttpResponse:
        """The API with the session."""
        with tenancy.bound(tenancy.current.get()):
            return self.client.generic(method, f"/api/v1{path}", _json(body), "application/json")  # type: ignore[return-value]  # likewise


def _json(body: Any) -> str:
    import json  # noqa: PLC0415  (only here)

    return "" if body is None else json.dumps(body)


def text(answer: HttpResponse) -> str:
    return " ".join(answer.content.decode().split())


def test_the_order_page_says_everything_before_anything_is_paid(shop: Shop) -> None:
    shop.organization(shop.buyer)
    price = shop.price("month", 300, is_per_seat=True, trial_days=14)
    page = Browser(shop.buyer).post(
        f"{PACKAGE}/buy", price=str(price.public_id), seats="3", act="more", **{"for": "halyard"}
    )

    said = text(page)
    assert page.status_code == 200
    for words in ("4 seats", "€3.00 a seat, each month", "€12.00", "€0.00", "14 days to change your mind", "sandbox"):
        assert words in said
    assert "form-action 'self' " in page.headers["Content-Security-Policy"]
    assert not Order.objects.exists()


def test_ordering_leads_to_the_processor_and_back_to_the_licence(shop: Shop) -> None:
    browser, price = Browser(shop.buyer), shop.price()

    answer = browser.post(f"{PACKAGE}/buy", price=str(price.public_id), act="order")
    assert answer.status_code == 302
    _, back = shop.pay(answer.headers["Location"], card=VISA)
    page = browser.get(back.removeprefix("http://localhost:8000"))

    assert "Yours now" in text(page)
    licence = Licence.objects.get()
    shown = text(browser.get(f"/licences/{licence.public_id}"))
    for words in ("Active", "Paid once, yours for good", "Visa 4242", "€29.00"):
        assert words in shown


def test_leaving_the_pay_page_keeps_the_order_and_says_so(shop: Shop) -> None:
    order = shop.order(shop.price())

    page = Browser(shop.buyer).get(f"/orders/{order.public_id}?left=1")

    assert "Nothing was paid" in text(page)
    assert Browser(shop.buyer).post(f"/orders/{order.public_id}/pay").headers["Location"] == order.checkout_url


def test_a_decline_is_shown_on_the_order(shop: Shop) -> None:
    order = shop.order(shop.price())
    shop.pay(order.checkout_url, card="4000000000000002")

    assert "Your card was declined." in text(Browser(shop.buyer).get(f"/orders/{order.public_id}?left=1"))


def test_who_pays_right_after_a_decline_is_told_so_at_once(shop: Shop) -> None:
    order, browser = shop.order(shop.price()), Browser(shop.buyer)
    shop.pay(order.checkout_url, card="4000000000000002")
    assert "The payment did not go through" in text(browser.get(f"/orders/{order.public_id}?left=1"))

    shop.pay(order.checkout_url, card=VISA)

    assert "Yours now" in text(browser.get(f"/orders/{order.public_id}?paid=1"))


ADDRESSES = ("/licences/{licence}", "/orders/{order}", "/licences/{licence}/change-seats")


def test_others_do_not_see_orders_and_licences(shop: Shop) -> None:
    licence = shop.bought(shop.price())
    for address in ADDRESSES:
        path = address.format(licence=licence.public_id, order=licence.order.public_id)

        assert Browser(shop.buyer).get(path).status_code == 200
        assert Browser().get(path).headers["Location"].startswith("/accounts/login/")
    zoe = shop.person("zoe")
    for address in ADDRESSES:
        path = address.format(licence=licence.public_id, order=licence.order.public_id)
        assert Browser(zoe).get(path).status_code == Browser(shop.seller).get(path).status_code == 404


ACTS = ("end", "keep", "seats", "refund", "give", "take", "transfer", "first-use", "billing", "entitlement")


@pytest.mark.parametrize("who", ["outsider", "member", "anonymous", "moderator"])
def test_others_change_nothing(shop: Shop, who: str) -> None:
    member, moderator = shop.person("mia"), shop.person("mod")
    type(moderator).objects.filter(pk=moderator.pk).update(is_moderator=True)
    moderator.refresh_from_db()
    organization = shop.organization(shop.buyer, member)
    licence = shop.bought(shop.price("month", 300, is_per_seat=True), 1, organization)
    Licence.objects.filter(pk=licence.pk).update(gives_at_first_use=False)
    user = {"outsider": shop.person("zoe"), "member": member, "anonymous": None, "moderator": moderator}[who]
    before, browser = Licence.objects.values_list().get(), Browser(user)
    form = {"seats": "5", "reason": "x", "person": str(member.public_id), "seat": "x", "gives": "1"}

    answers = {act: browser.post(f"/licences/{licence.public_id}/{act}", **form).status_code for act in ACTS}

    wanted = {302} if who == "anonymous" else {403, 404}
    assert {act: status for act, status in answers.items() if status not in wanted} == {}
    assert Licence.objects.values_list().get() == before
    assert not Seat.objects.exists()
    assert shop.every("refund") == []


def test_seats_are_given_and_taken_on_the_page(shop: Shop) -> None:
    member = shop.person("mia")
    licence = shop.bought(shop.price("month", 300, is_per_seat=True), 1, shop.organization(shop.buyer, member))
    browser, base = Browser(shop.buyer), f"/licences/{licence.public_id}"

    assert browser.post(f"{base}/give", person=str(member.public_id)).status_code == 302
    assert "1 of 1 given out" in text(browser.get(base))
    assert browser.post(f"{base}/take", seat=str(Seat.objects.get().public_id)).status_code == 302
    assert "Nobody has a seat yet." in text(browser.get(base))


def test_the_publisher_sets_prices_sees_sales_and_gives_money_back(shop: Shop) -> None:
    browser = Browser(shop.seller)
    form = {"amount": "29", "currency": "eur", "interval": "once", "trial_days": "0"}
    assert browser.post(f"{PACKAGE}/prices", **form).status_code == 302
    assert browser.post(f"{PACKAGE}/codes", code="spring", percent="10").status_code == 302
    shop.bought(Price.objects.get())

    assert "€29.00" in text(browser.get("/sales"))
    assert "SPRING" in text(browser.get(f"{PACKAGE}/prices"))
    payment = Payment.objects.get()
    browser.post(f"{PACKAGE}/payments/{payment.public_id}/refund", amount="9", reason="late")
    payment.refresh_from_db()
    assert payment.refunded == 900


@pytest.mark.parametrize(("field", "value"), [("amount", "x"), ("amount", "0.10"), ("trial_days", "91")])
def test_a_bad_price_comes_back_with_the_reason_and_nothing_is_sold(shop: Shop, field: str, value: str) -> None:
    form = {"amount": "29", "currency": "eur", "interval": "month", "trial_days": "0"} | {field: value}

    page = Browser(shop.seller).post(f"{PACKAGE}/prices", **form)

    assert page.status_code == 200
    assert 'class="error"' in text(page)
    assert not Price.objects.exists()
    assert shop.every("price") == []


@pytest.mark.parametrize("path", [f"{PACKAGE}/prices", f"{PACKAGE}/codes"])
def test_others_do_not_reach_the_prices_of_a_package(shop: Shop, path: str) -> None:
    for user in (shop.buyer, shop.person("zoe")):
        assert (
            Browser(user).post(path, amount="29", currency="eur", interval="once", code="abc", percent="5").status_code
            == 404
        )
    assert not Price.objects.exists()


def test_where_nothing_is_sold_no_page_and_no_price_exists(shop: Shop) -> None:
    licence = shop.bought(shop.price())
    with override_settings(PAYMENTS="off"):
        browser = Browser(shop.buyer)
        paths = ["/licences", "/sales", f"{PACKAGE}/buy", f"{PACKAGE}/prices", f"/licences/{licence.public_id}"]
        assert [browser.get(path).status_code for path in paths] == [404] * 5
        calls = ["/licences", "/orders", "/sales", "/packages/@tess/seed-data/prices"]
        assert [browser.call("GET", path).status_code for path in calls] == [404] * 4
        assert "€" not in text(browser.get("/search"))


def test_a_list_of_licences_asks_the_same_for_one_and_for_ten(shop: Shop, assert_same_queries: SameQueries) -> None:
    organization, price = shop.organization(shop.buyer), shop.price()
    browser = Browser(shop.buyer)

    def grow(count: int) -> None:
        for _ in range(count):
            number = f"N{Order.objects.count():07}"
            order = Order.objects.create(
                number=number, account=account, organization=organization, package=shop.package, price=price
            )
            Licence.objects.create(
                order=order, package=shop.package, organization=organization, state="active", seats=1,
                starts_at=order.created_at,
            )  # fmt: skip

    from payments.services.billing import subscriber_of_organization  # noqa: PLC0415  (only here)

    account = subscriber_of_organization(organization, email="billing@example.com")

    assert_same_queries(grow, lambda: browser.get("/licences"), most=14)


def test_the_api_buys_and_shows_what_was_bought(shop: Shop) -> None:
    browser, price = Browser(shop.buyer), shop.price("month", 500)

    made = browser.call("POST", "/orders", {"price": str(price.public_id)})
    assert made.status_code == 201
    order: Any = made.json()  # type: ignore[attr-defined]  # the test client's answers have it
    shop.pay(order["checkout_url"], card=VISA)
    shop.settle()

    found: Any = browser.call("GET", "/licences").json()  # type: ignore[attr-defined]  # likewise
    assert [(row["package"], row["state"]) for row in found["results"]] == [("@tess/seed-data", "active")]
    base = f"/licences/{found['results'][0]['id']}"
    assert browser.call("PATCH", base, {"act": "end"}).json()["renews_at"] is None  # type: ignore[attr-defined]  # likewise
    assert browser.call("POST", f"{base}/entitlement").status_code == 201
    assert Browser(shop.person("zoe")).call("GET", base).status_code == 404
    assert Browser().call("GET", "/licences").status_code == 401


def test_a_token_that_may_only_read_buys_nothing(shop: Shop) -> None:
    price = shop.price()
    _token, secret = token_create(
        user=shop.buyer, name="ci", scopes=["read"], packages=None, days=30, by=shop.viewer(shop.buyer)
    )
    headers = {"Authorization": f"Bearer {secret}"}
    with tenancy.bound(tenancy.current.get()):
        answer = Client().post(
            "/api/v1/orders", {"price": str(price.public_id)}, content_type="application/json", headers=headers
        )
    assert answer.status_code == 403
    assert not Order.objects.exists()
