"""Seats, roles, drift, offline entitlements: what holds whoever writes."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.core.errors import Conflict, Invalid, MarketplaceError, NotAllowed, NotFound
from marketplace.core.exports import export_of
from marketplace.models import AuditEntry, Notice
from marketplace.services.erasing import graces_end
from marketplace.services.members import member_remove
from payments.domain.entitlement import NotEntitlement
from payments.domain.events import PriceChanged
from payments.domain.money import Money
from payments.domain.prices import Interval, PriceTerms
from payments.models import BillingAccount, Licence, Order, Payment, Price, Seat
from payments.selectors.prices import lowest_prices
from payments.services import refunds, seats, subscriptions, syncing, tokens
from payments.services.orders import order_start
from payments.services.prices import price_create, price_stop
from payments.services.reconcile import merchant_ensure, reconcile
from payments.services.search import price_push
from registry.models import SearchDocument
from registry.services.search import search_rebuild

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.models import User
    from tests.payments.shop import Shop

pytestmark = pytest.mark.usefixtures("as_system")


@pytest.fixture
def seated(shop: Shop) -> Licence:
    """Two seats of an organization with three members besides its owner."""
    shop.members = [shop.person(name) for name in ("mia", "noah", "olga")]  # type: ignore[attr-defined]  # for the tests below
    organization = shop.organization(shop.buyer, *shop.members)  # type: ignore[attr-defined]  # likewise
    return shop.bought(shop.price("month", 300, is_per_seat=True), 2, organization)


def members(shop: Shop) -> list[User]:
    found: list[User] = shop.members  # type: ignore[attr-defined]  # set by the fixture
    return found


def test_no_more_seats_than_were_paid_for(shop: Shop, seated: Licence) -> None:
    by, people = shop.viewer(shop.buyer), members(shop)
    seats.seat_give(licence=seated, user=people[0], by=by)
    seats.seat_give(licence=seated, user=people[1], by=by)

    with pytest.raises(Conflict) as refused:
        seats.seat_give(licence=seated, user=people[2], by=by)

    assert refused.value.code == "MP6042"
    assert shop.fresh(seated).seats_taken == 2


def test_the_database_itself_counts_seats(shop: Shop, seated: Licence) -> None:
    people = members(shop)
    for person in people[:2]:
        Seat.objects.create(licence=seated, user=person)

    with pytest.raises(IntegrityError, match="payments_seats_within_paid"), transaction.atomic():
        Seat.objects.create(licence=seated, user=people[2])
    with pytest.raises(IntegrityError, match="payments_seats_within_paid"), transaction.atomic():
        Licence.objects.filter(pk=seated.pk).update(seats=1)
    with pytest.raises(IntegrityError, match="payments_seat_once_a_person"), transaction.atomic():
        Seat.objects.create(licence=seated, user=people[0])
    Seat.objects.filter(user=people[0]).delete()
    assert Licence.objects.get().seats_taken == 1


def test_seats_go_to_members_once_and_can_be_taken_back(shop: Shop, seated: Licence) -> None:
    by, person = shop.viewer(shop.buyer), members(shop)[0]
    seat = seats.seat_give(licence=seated, user=person, by=by)

    for user, code in ((person, "MP6044"), (shop.person("zoe"), "MP6043")):
        with pytest.raises(MarketplaceError) as refused:
            seats.seat_give(licence=seated, user=user, by=by)
        assert refused.value.code == code
    seats.seat_take(licence=seated, seat_id=seat.public_id, by=by)
    with pytest.raises(NotFound):
        seats.seat_take(licence=seated, seat_id=seat.public_id, by=by)
    assert shop.fresh(seated).seats_taken == 0


def test_whoever_has_a_seat_may_give_it_up(shop: Shop, seated: Licence) -> None:
    person = members(shop)[0]
    seat = seats.seat_give(licence=seated, user=person, by=shop.viewer(shop.buyer))

    seats.seat_take(licence=seated, seat_id=seat.public_id, by=shop.viewer(person))

    assert shop.fresh(seated).seats_taken == 0


def test_fewer_paid_seats_take_the_newest_back(shop: Shop, seated: Licence) -> None:
    by, people = shop.viewer(shop.buyer), members(shop)
    for person in people[:2]:
        seats.seat_give(licence=seated, user=person, by=by)
    with pytest.raises(Conflict) as refused:
        subscriptions.seats_change(licence=shop.fresh(seated), seats=1, by=by)
    assert refused.value.code == "MP6047"

    item = shop.every("subscription_item")[0]
    shop.sandbox.world.change(item, quantity=1)
    syncing.order_sync(order_id=seated.order_id)

    assert [seat.user for seat in Seat.objects.filter(released_at=None)] == [people[0]]


ACTS: dict[str, Callable[[Licence, Shop, User], object]] = {
    "give": lambda licence, shop, user: seats.seat_give(licence=licence, user=user, by=shop.viewer(user)),
    "seats": lambda licence, shop, user: subscriptions.seats_change(licence=licence, seats=5, by=shop.viewer(user)),
    "end": lambda licence, shop, user: subscriptions.licence_end(licence=licence, by=shop.viewer(user)),
    "refund": lambda licence, shop, user: refunds.refund_take(licence=licence, reason="x", by=shop.viewer(user)),
}


@pytest.mark.parametrize("act", sorted(ACTS))
@pytest.mark.parametrize(("who", "code"), [("member", "MP6041"), ("outsider", "MP6040")])
def test_only_the_billing_roles_change_a_licence(shop: Shop, seated: Licence, act: str, who: str, code: str) -> None:
    user = members(shop)[0] if who == "member" else shop.person("zoe")
    before = (seated.seats, seated.renews_at, len(shop.every("refund")))

    with pytest.raises(MarketplaceError) as refused:
        ACTS[act](seated, shop, user)

    assert refused.value.code == code
    after = shop.fresh(seated)
    assert (after.seats, after.renews_at, len(shop.every("refund"))) == before
    assert not Seat.objects.exists()


def test_only_owners_and_billing_members_buy_for_an_organization(shop: Shop) -> None:
    member = shop.person("mia")
    organization, price = shop.organization(shop.buyer, member), shop.price("month", 300, is_per_seat=True)

    with pytest.raises(NotAllowed) as refused:
        order_start(price=price, seats=2, organization=organization, by=shop.viewer(member))

    assert refused.value.code == "MP6022"
    assert not Order.objects.exists()


@pytest.mark.parametrize("seats_wanted", [0, 5001])
def test_a_number_of_seats_that_makes_no_sense_is_refused_before_anything(shop: Shop, seats_wanted: int) -> None:
    organization, price = shop.organization(shop.buyer), shop.price("month", 300, is_per_seat=True)

    with pytest.raises(Invalid) as refused:
        shop.order(price, seats_wanted, organization)

    assert refused.value.code == "MP6021"
    assert shop.every("checkout.session") == []


def test_a_second_licence_for_the_same_package_is_refused(shop: Shop) -> None:
    price = shop.price()
    shop.bought(price)

    with pytest.raises(Conflict) as refused:
        shop.order(price)

    assert refused.value.code == "MP6023"


def test_a_stopped_price_cannot_be_ordered(shop: Shop) -> None:
    price = shop.price()
    price_stop(price=price, by=shop.viewer(shop.seller))

    with pytest.raises(Invalid) as refused:
        shop.order(price)

    assert refused.value.code == "MP6020"


def test_strangers_set_no_prices(shop: Shop) -> None:
    terms = PriceTerms(Interval.ONCE, Money(500, "eur"))

    with pytest.raises(NotAllowed) as refused:
        price_create(package=shop.package, terms=terms, by=shop.viewer(shop.buyer))

    assert refused.value.code == "MP6016"
    assert not Price.objects.exists()


def test_the_same_kind_of_price_stands_once(shop: Shop) -> None:
    shop.price("month", 500)

    with pytest.raises(Conflict) as refused:
        shop.price("month", 900)

    assert refused.value.code == "MP6015"
    assert len(shop.every("price")) == 1


def test_the_lowest_price_is_told_to_search(shop: Shop) -> None:
    shop.price("month", 900)
    yearly = shop.price("year", 6000, trial_days=14)
    SearchDocument.objects.filter(package=shop.package).delete()
    SearchDocument.objects.create(
        package=shop.package, name_key="seed-data", kind="skill", vector="", created_at=timezone.now(),
        updated_at=timezone.now(),
    )  # fmt: skip

    price_push(PriceChanged(shop.package.pk))
    document = SearchDocument.objects.get()
    assert (document.price_from, document.has_trial) == (500, True)
    Price.objects.filter(pk=yearly.pk).update(archived_at=timezone.now())
    price_push(PriceChanged(shop.package.pk))
    document.refresh_from_db()
    assert (document.price_from, document.has_trial) == (900, False)
    assert [str(price.money) for price in lowest_prices([shop.package.pk]).values()] == ["€9.00"]


def test_drift_is_found_mended_and_written_down(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500))
    shop.ask("dispute", charge=Payment.objects.get().stripe_charge)
    shop.ask("take")  # every webhook of it is lost

    drifts = list(reconcile())

    assert [drift.order for drift in drifts] == [licence.order.number]
    assert (drifts[0].before["state"], drifts[0].after["state"]) == ("active", "suspended")
    assert shop.fresh(licence).reason == "disputed"
    assert AuditEntry.objects.filter(action="payments:order:reconcile").count() == 1
    assert list(reconcile()) == []


def test_a_key_of_another_account_is_refused(shop: Shop) -> None:
    licence = shop.bought(shop.price())
    merchant_ensure()
    shop.ask("account", id="acct_another")

    with pytest.raises(CommandError, match="acct_another"):
        call_command("payments_reconcile")

    assert shop.fresh(licence).state == "active"


def test_payers_are_told_once_for_each_turn(shop: Shop) -> None:
    shop.bought(shop.price("month", 500), card="4000000000000341")
    shop.clock(32)
    shop.clock(8)

    titles = list(Notice.objects.filter(user=shop.buyer).order_by("pk").values_list("title", flat=True))
    name = shop.package.full_name
    assert titles == [
        f"You have a licence for {name}",
        f"A payment for {name} failed",
        f"The licence for {name} is suspended",
    ]


def test_an_entitlement_is_signed_and_says_what_it_is_for(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500))

    text = tokens.entitlement_make(licence=licence, major=2, by=shop.viewer(shop.buyer))

    said = tokens.entitlement_check(text)
    assert (said.package, said.major, said.licence) == (shop.package.full_name, 2, str(licence.public_id))
    assert said.seat == str(shop.buyer.public_id)
    assert said.until <= (timezone.now() + timedelta(days=31)).timestamp()
    assert said.key == tokens.public_key()[0]
    head, payload, signature = text.split(".")
    for broken in (f"{head}.{payload[:-2]}AA.{signature}", f"{head}.{payload}.{signature[:-4]}AAAA", "x", ""):
        with pytest.raises(NotEntitlement):
            tokens.entitlement_check(broken)


def test_nobody_without_a_licence_gets_an_entitlement(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500))

    with pytest.raises(NotAllowed):
        tokens.entitlement_make(licence=licence, major=1, by=shop.viewer(shop.person("zoe")))


def test_the_verifier_in_the_docs_accepts_and_refuses(shop: Shop) -> None:
    from house.virtualenv import ROOT  # noqa: PLC0415  (only here)

    licence = shop.bought(shop.price("month", 500))
    text = tokens.entitlement_make(licence=licence, major=2, by=shop.viewer(shop.buyer))
    page = (ROOT / "docs" / "payments.md").read_text()
    code = page.split("```python\n", 1)[1].split("```", 1)[0]
    known: dict[str, Callable[..., bool]] = {}
    exec(code, known)  # noqa: S102  (our own documentation)
    key, name = tokens.public_key()[1], shop.package.full_name
    now = timezone.now().timestamp()

    def may_run(**changes: object) -> bool:
        return known["may_run"](
            **({"token": text, "public_key": key, "package": name, "major": 2, "now": now} | changes)
        )

    assert may_run()
    assert may_run(now=now + 33 * 24 * 3600)
    assert not may_run(now=now + 60 * 24 * 3600)
    assert not may_run(package="@tess/other")
    assert not may_run(major=3)
    assert not may_run(token=text[:-4] + "AAAA")


def test_where_nothing_is_sold_the_rows_of_others_stay_hidden(shop: Shop) -> None:
    licence = shop.bought(shop.price())

    with tenancy.bound(tenancy.Scope(user_id=shop.person("zoe").pk)):
        counts = [model.objects.count() for model in (Order, Licence, Payment, Seat)]

    assert counts == [0, 0, 0, 0]
    assert licence


def test_who_leaves_the_organization_gives_the_seat_back(shop: Shop, seated: Licence) -> None:
    person, boss = members(shop)[0], shop.viewer(shop.buyer)
    seats.seat_give(licence=seated, user=person, by=boss)
    assert seated.organization is not None

    member_remove(organization=seated.organization, member=person.public_id, by=boss)

    assert shop.fresh(seated).seats_taken == 0
    entry = AuditEntry.objects.get(action="payments:seat:take")
    assert entry.data["reason"] == "left"


def test_nothing_more_is_charged_once_an_account_has_ended(shop: Shop) -> None:
    licence = shop.bought(shop.price("month", 500))
    shop.buyer.state, shop.buyer.closes_at = shop.buyer.State.CLOSING, timezone.now()
    shop.buyer.save()

    graces_end()
    shop.work()

    assert shop.every("subscription")[0]["status"] == "canceled"
    assert shop.fresh(licence).state == "ended"
    assert BillingAccount.objects.get().email.endswith("@invalid")


def test_a_trial_is_given_once(shop: Shop) -> None:
    price = shop.price("month", 500, trial_days=14, trial_needs_card=False)
    shop.bought(price, card="")
    shop.clock(15)

    again = shop.bought(price)

    assert (again.state, again.trial_ends_at) == ("active", None)
    assert Payment.objects.get().amount == 500


def test_search_documents_that_are_written_anew_say_the_price(shop: Shop) -> None:
    shop.price("month", 900, trial_days=7)
    SearchDocument.objects.all().delete()

    search_rebuild()

    document = SearchDocument.objects.get(package=shop.package)
    assert (document.price_from, document.has_trial) == (900, True)


def test_what_was_bought_stands_in_the_export(shop: Shop) -> None:
    shop.bought(shop.price())

    told = export_of(shop.buyer.pk)["purchases"]

    assert [row["amount"] for row in told["payments"]] == [2900]
    assert [row["state"] for row in told["licences"]] == ["active"]
    assert export_of(shop.seller.pk)["purchases"]["payments"] == []
