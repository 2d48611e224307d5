"""Buyers and sellers at a browser, against the sandbox: every turn that a purchase can take."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from tests.browser.shop import Market, Shopper, organization, person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser

    from payments.sandbox.server import Sandbox
    from tests.live_site import LiveSite

SEEN: set[str] = set()
"""Kinds of pages that were looked at closely in this run."""


@pytest.fixture
def market(live_site: LiveSite, sandbox: Sandbox) -> Market:
    """A seller with a package that has no price yet."""
    made = Market(live_site, sandbox, person(live_site, f"tides-{uuid4().hex[:8]}"))
    made.list_package("tide-tables")
    return made


@pytest.fixture
def shopper(browser: Browser, market: Market, axe: str) -> Iterator[Callable[..., Shopper]]:
    """Signs somebody in at a browser of their own: a new account, or the one that is given."""
    made: list[Shopper] = []

    def sign_in(who: object = None) -> Shopper:
        made.append(Shopper(browser, market, axe, who or person(market.site), seen=SEEN))  # type: ignore[arg-type]  # a Person
        return made[-1]

    yield sign_in
    for someone in made:
        someone.close()


def test_a_declined_card_then_3d_secure_then_a_refund(market: Market, shopper: Callable[..., Shopper]) -> None:
    price, buyer = market.sell(interval="once", amount=2900), shopper()
    buyer.order(price=price)
    buyer.pay("is declined")
    assert "Your card was declined." in buyer.says
    buyer.page.get_by_role("link", name="Go back without paying").click()
    buyer.look("order-declined")
    assert "The payment did not go through" in buyer.says
    assert "Your card was declined." in buyer.says
    buyer.press("Go on to pay")
    buyer.pay("asks")
    buyer.look("secure")
    buyer.press("Refuse")
    assert "authentication" in buyer.says
    buyer.pay("asks")
    buyer.press("Approve", "order-paid")
    assert "Yours now" in buyer.says
    buyer.page.get_by_role("link", name="See the licence").click()
    buyer.look("licence")
    assert "Paid once, yours for good" in buyer.says
    buyer.page.locator("summary", has_text="Have €29.00 back").click()
    buyer.page.fill("#reason", "not for us")
    buyer.press("Give me €29.00 back", "licence-revoked")
    assert "Revoked: refunded" in buyer.says


@pytest.mark.long
def test_seats_grow_and_shrink_and_the_subscription_ends_and_goes_on(
    market: Market, shopper: Callable[..., Shopper]
) -> None:
    price = market.sell(is_per_seat=True, amount=300)
    boss, member = person(market.site), person(market.site)
    slug = organization(market.site, boss, member)
    buyer = shopper(boss)
    buyer.order(**{"price": price, "for": slug, "seats": "3", "kind": "order-seats"})
    buyer.pay()
    buyer.until("There are 3 seats")
    page = buyer.licence()
    buyer.at(page)
    buyer.press("Give out a seat", "licence-seats")
    assert "1 of 3 given out" in buyer.says
    buyer.page.fill("#seats", "5")
    buyer.press("Change seats", "seats")
    assert "To pay now, for the rest of the period €6.00" in buyer.says
    assert "Each renewal €15.00" in buyer.says
    buyer.press("Set to 5")
    assert "1 of 5 given out" in buyer.says
    buyer.page.fill("#seats", "2")
    buyer.press("Change seats")
    assert "Credit on the next invoice" in buyer.says
    buyer.press("Set to 2")
    assert "1 of 2 given out" in buyer.says
    buyer.press("End", exact=False)
    assert "Active, ends" in buyer.says
    buyer.press("Keep", exact=False)
    assert "Active, renews" in buyer.says


@pytest.mark.long
def test_a_failed_renewal_goes_through_grace_and_suspension_and_recovers(
    market: Market, shopper: Callable[..., Shopper]
) -> None:
    price, buyer = market.sell(amount=500), shopper()
    buyer.order(price=price)
    buyer.pay("fails later")
    buyer.until("Yours now")
    page = buyer.licence()
    market.clock(32)
    buyer.until("Payment failed, open until", page)
    buyer.look("licence-grace")
    market.clock(8)
    buyer.until("Suspended: payment failed")
    buyer.look("licence-suspended")
    buyer.press("Billing", "portal", exact=False)
    buyer.pay(act="Use this card")
    assert "Open invoices paid: 1" in buyer.says
    buyer.page.get_by_role("link", name="Back").click()
    buyer.until("Active, renews")


@pytest.mark.long
def test_a_trial_without_a_card_lapses_and_is_not_given_twice(market: Market, shopper: Callable[..., Shopper]) -> None:
    price, buyer = market.sell(amount=500, trial_days=14, trial_needs_card=False), shopper()
    buyer.order("Start 14 days free", kind="order-trial", price=price)
    buyer.page.get_by_role("button", name="Start without a card").click()
    buyer.until("Your trial has begun")
    page = buyer.licence()
    buyer.at(page, "licence-trial")
    market.clock(15)
    buyer.until("Trial over", page)
    buyer.at(f"/{market.package}/buy?price={price}")
    assert "To pay today €5.00" in buyer.says


@pytest.mark.long
def test_the_seller_sets_prices_and_codes_sees_sales_and_gives_a_part_back(
    market: Market, shopper: Callable[..., Shopper]
) -> None:
    seller = shopper(market.seller)
    seller.at(f"/{market.package}/prices", "prices-none")
    seller.page.fill("input[name=amount]", "29")
    seller.page.select_option("select[name=interval]", "once")
    seller.press("Set the price")
    assert "The price is in force." in seller.says
    code = f"SPRING-{uuid4().hex[:6].upper()}"
    seller.page.fill("input[name=code]", code)
    seller.page.fill("input[name=percent]", "50")
    seller.press("Make the code", "prices")
    buyer = shopper()
    buyer.order()
    buyer.pay(code=code)
    buyer.until("Yours now")

    seller.at("/sales", "sales")
    assert "€14.50" in seller.says
    seller.at(f"/{market.package}/prices", "prices-sold")
    seller.page.get_by_text("Refund").first.click()
    seller.page.fill("input[name=amount] >> nth=-1", "4.50")
    seller.page.fill("input[name=reason]", "late")
    seller.press("Give back")
    assert "€4.50 given back" in seller.says
    buyer.at(buyer.licence(), "licence-part")
    assert "€4.50 given back" in buyer.says
    assert "Active" in buyer.says


@pytest.mark.long
def test_a_subscription_with_a_trial_converts_and_ends_with_what_is_paid(
    market: Market, shopper: Callable[..., Shopper]
) -> None:
    price, buyer = market.sell(amount=500, trial_days=14), shopper()
    buyer.order("Start 14 days free", price=price)
    buyer.pay()
    buyer.until("Your trial has begun")
    page = buyer.licence()
    market.clock(15)
    buyer.until("Active, renews", page)
    assert "€5.00" in buyer.says
    buyer.press("End", exact=False)
    market.clock(32)
    buyer.until("Ended", page)


@pytest.mark.long
@pytest.mark.parametrize(("verdict", "words"), [("won", "Active, renews"), ("lost", "Revoked: dispute lost")])
def test_a_dispute_suspends_and_its_end_decides(
    market: Market, shopper: Callable[..., Shopper], verdict: str, words: str
) -> None:
    price, buyer = market.sell(amount=500), shopper()
    buyer.order(price=price)
    buyer.pay()
    buyer.until("Yours now")
    page = buyer.licence()
    dispute = market.dispute(buyer.who.email)
    buyer.until("Suspended: payment disputed", page)
    buyer.look("licence-disputed")
    seller = shopper(market.seller)
    seller.at("/sales")
    market.decide(dispute, verdict)
    buyer.until(words, page)
    buyer.look(f"licence-dispute-{verdict}")
