"""What a buyer lives through, from the price to the licence, against the sandbox over HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.core import tenancy
from marketplace.core.errors import Conflict
from payments.models import Dispute, Order, Payment
from payments.services import refunds, subscriptions
from tests.payments.shop import DECLINED, FAILS_LATER, SECURE, VISA

if TYPE_CHECKING:
    from payments.models import Licence
    from tests.payments.shop import Shop

pytestmark = pytest.mark.usefixtures("as_system")


def said(licence: Licence) -> tuple[str, str, int]:
    return licence.state, licence.reason, licence.seats


def zero(shop: Shop) -> bool:
    return all(held["total"] == 0 for held in shop.ask("ledger").values())


def test_what_is_bought_once_is_held_for_good(shop: Shop) -> None:
    licence = shop.bought(shop.price())

    assert said(licence) == ("active", "", 1)
    assert licence.open_until is None
    payment = Payment.objects.get()
    assert (payment.amount, payment.currency, payment.card) == (2900, "eur", "Visa 4242")
    assert payment.invoice_number
    assert zero(shop)


def test_nothing_is_given_before_the_processor_says_that_it_was_paid(shop: Shop) -> None:
    order = shop.order(shop.price())

    assert order.checkout_url.startswith(shop.sandbox.world.base_url)
    assert not Order.objects.filter(licence__isnull=False).exists()


def test_a_subscription_renews_by_itself(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500))
    first = licence.renews_at

    shop.clock(32)

    licence = shop.fresh(licence)
    assert said(licence) == ("active", "", 1)
    assert first is not None
    assert licence.renews_at is not None
    assert licence.renews_at > first
    assert Payment.objects.count() == 2
    assert zero(shop)


def test_a_trial_without_a_card_lapses_and_nothing_is_charged(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500, trial_days=14, trial_needs_card=False), card="")
    assert said(licence) == ("trial", "", 1)

    shop.clock(15)

    assert said(shop.fresh(licence)) == ("ended", "trial_lapsed", 1)
    assert not Payment.objects.exists()


def test_a_trial_with_a_card_becomes_a_subscription(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500, trial_days=14))
    assert licence.state == "trial"

    shop.clock(15)

    licence = shop.fresh(licence)
    assert said(licence) == ("active", "", 1)
    assert Payment.objects.get().amount == 500


def test_a_declined_card_leaves_the_order_open_with_the_reason(shop: Shop) -> None:
    order = shop.order(shop.price())
    status, page = shop.pay(order.checkout_url, card=DECLINED)
    shop.settle()

    assert status == 200
    assert "Your card was declined." in page
    order.refresh_from_db()
    assert (order.state, order.refusal) == ("open", "Your card was declined.")
    assert shop.pay(order.checkout_url, card=VISA)[0] == 302
    shop.settle()
    assert shop.licence(order).state == "active"


def test_three_d_secure_asks_before_the_payment(shop: Shop) -> None:
    order = shop.order(shop.price("month", 700))

    status, page = shop.pay(order.checkout_url, card=SECURE)
    assert (status, "3-D Secure" in page) == (200, True)
    assert "requires authentication" in shop.pay(order.checkout_url, card=SECURE, secure="refuse")[1]
    status, place = shop.pay(order.checkout_url, card=SECURE, secure="approve")
    shop.settle()

    assert (status, place.endswith("?paid=1")) == (302, True)
    assert shop.licence(order).state == "active"


def test_seats_are_added_at_once_and_given_up_with_a_credit(shop: Shop) -> None:
    organization = shop.organization(shop.buyer)
    licence = shop.bought(shop.price("month", 300, is_per_seat=True), 3, organization)
    by = shop.viewer(shop.buyer)
    shop.clock(15)

    preview = subscriptions.seats_preview(licence=shop.fresh(licence), seats=5, by=by)
    subscriptions.seats_change(licence=shop.fresh(licence), seats=5, by=by)

    assert 250 <= preview.now.amount <= 350
    assert preview.then.amount == 1500
    assert said(shop.fresh(licence)) == ("active", "", 5)
    newest = Payment.objects.order_by("-id").first()
    assert newest is not None
    assert abs(newest.amount - preview.now.amount) <= 1

    subscriptions.seats_change(licence=shop.fresh(licence), seats=2, by=by)
    shop.settle()
    assert said(shop.fresh(licence)) == ("active", "", 2)
    shop.clock(17)
    renewal = Payment.objects.order_by("-paid_at", "-id").first()
    assert renewal is not None
    assert renewal.amount < 600
    assert zero(shop)


def test_more_seats_on_a_card_that_is_declined_change_nothing(shop: Shop) -> None:
    organization = shop.organization(shop.buyer)
    licence = shop.bought(shop.price("month", 300, is_per_seat=True), 3, organization, card=FAILS_LATER)

    with pytest.raises(Conflict) as refused:
        subscriptions.seats_change(licence=licence, seats=5, by=shop.viewer(shop.buyer))

    assert refused.value.code == "MP6032"
    shop.settle()
    assert said(shop.fresh(licence)) == ("active", "", 3)
    assert shop.every("subscription_item")[0]["quantity"] == 3
    assert Payment.objects.count() == 1


def test_a_subscription_ends_with_its_period_unless_it_is_kept(shop: Shop) -> None:
    licence, by = shop.bought(shop.price("month", 500)), shop.viewer(shop.buyer)

    subscriptions.licence_end(licence=licence, by=by)
    ending = shop.fresh(licence)
    assert (ending.state, ending.renews_at) == ("active", None)
    subscriptions.licence_keep(licence=ending, by=by)
    assert shop.fresh(licence).renews_at is not None
    subscriptions.licence_end(licence=shop.fresh(licence), by=by)
    shop.clock(32)

    assert said(shop.fresh(licence)) == ("ended", "cancelled", 1)
    assert Payment.objects.count() == 1


def test_a_refund_inside_the_window_gives_everything_back_and_revokes(shop: Shop) -> None:
    licence, by = shop.bought(shop.price("year", 5000)), shop.viewer(shop.buyer)

    given = refunds.refund_take(licence=licence, reason="not for us", by=by)
    shop.settle()

    assert str(given) == "€50.00"
    assert said(shop.fresh(licence)) == ("revoked", "refunded", 1)
    assert shop.every("subscription")[0]["status"] == "canceled"
    with pytest.raises(Conflict) as refused:
        refunds.refund_take(licence=shop.fresh(licence), reason="again", by=by)
    assert refused.value.code == "MP6050"
    assert len(shop.every("refund")) == 1
    assert zero(shop)


def test_a_part_given_back_by_the_seller_leaves_the_licence(shop: Shop) -> None:
    licence = shop.bought(shop.price())

    refunds.refund_give(payment=Payment.objects.get(), amount=900, reason="late", by=shop.viewer(shop.seller))
    shop.settle()

    assert said(shop.fresh(licence)) == ("active", "", 1)
    assert Payment.objects.get().refunded == 900
    assert zero(shop)


@pytest.mark.parametrize(("verdict", "ends"), [("won", ("active", "", 1)), ("lost", ("revoked", "dispute_lost", 1))])
def test_an_open_dispute_suspends_and_its_end_decides(shop: Shop, verdict: str, ends: tuple[str, str, int]) -> None:
    licence = shop.bought(shop.price())
    shop.ask("dispute", charge=Payment.objects.get().stripe_charge)
    shop.settle()
    assert said(shop.fresh(licence)) == ("suspended", "disputed", 1)

    dispute = Dispute.objects.get()
    shop.pay(shop.sandbox.world.base_url, act=verdict, of=dispute.stripe_dispute)
    shop.settle()

    assert said(shop.fresh(licence)) == ends
    dispute.refresh_from_db()
    assert dispute.state == verdict
    assert zero(shop)


def test_a_failed_renewal_goes_through_grace_to_suspension_and_back(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500), card=FAILS_LATER)

    shop.clock(32)
    assert said(shop.fresh(licence)) == ("grace", "unpaid", 1)
    shop.clock(8)
    suspended = shop.fresh(licence)
    assert said(suspended) == ("suspended", "unpaid", 1)
    assert suspended.pay_url

    status, page = shop.pay(shop.customer_portal(suspended), act="card", card=VISA)
    shop.settle()

    assert (status, "Open invoices paid: 1" in page) == (200, True)
    assert said(shop.fresh(licence)) == ("active", "", 1)
    assert zero(shop)


def test_a_promotion_code_is_taken_off_at_checkout(shop: Shop) -> None:
    from payments.services.prices import promotion_create  # noqa: PLC0415  (only here)

    price = shop.price()
    promotion_create(package=shop.package, code="spring", percent=50, by=shop.viewer(shop.seller))

    licence = shop.bought(price, code="SPRING")

    assert licence.state == "active"
    assert Payment.objects.get().amount == 1450


def test_another_price_leaves_those_who_bought_at_theirs(shop: Shop) -> None:
    from payments.services.prices import price_stop  # noqa: PLC0415  (only here)

    old = shop.price("month", 500)
    licence = shop.bought(old)
    with tenancy.bound(tenancy.SYSTEM):
        price_stop(price=old, by=shop.viewer(shop.seller))
    shop.price("month", 900)

    shop.clock(32)

    assert shop.fresh(licence).state == "active"
    assert {payment.amount for payment in Payment.objects.all()} == {500}
