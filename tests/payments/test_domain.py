"""The pure rules: money, prices, what facts amount to, the offline entitlement."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from payments.domain.facts import DisputeFacts, DisputeState, OrderFacts, PaymentFacts, SubscriptionFacts
from payments.domain.licences import (
    DAY,
    OPEN,
    LicenceState,
    Reason,
    Rules,
    derive,
    is_open,
)
from payments.domain.money import CurrencyMismatch, Money, NotMoney, money_parse
from payments.domain.prices import Interval, PriceTerms

RULES = Rules(grace_days=14)
NOW = 1_800_000_000
PAID = PaymentFacts("pi_1", "ch_1", 500, 0, "eur", NOW)
ORDER = OrderFacts("cs_1", "complete", "paid", 3, NOW, 500, (PAID,))
HELD = SubscriptionFacts("sub_1", "active", 3, NOW, NOW, NOW + 30 * DAY)


def dispute(state: DisputeState) -> DisputeFacts:
    return DisputeFacts("dp_1", state, 500, "fraudulent", NOW)


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [("12.50", "eur", 1250), ("12,5", "eur", 1250), ("7", "usd", 700), ("300", "jpy", 300)],
)
def test_amounts_are_read_as_people_write_them(text: str, currency: str, amount: int) -> None:
    assert money_parse(text, currency) == Money(amount, currency)


@pytest.mark.parametrize(
    ("text", "currency"), [("", "eur"), ("1.234", "eur"), ("-5", "eur"), ("1.5", "jpy"), ("1", "xxx"), ("1e3", "eur")]
)
def test_what_is_no_amount_is_refused(text: str, currency: str) -> None:
    with pytest.raises(NotMoney):
        money_parse(text, currency)


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_money_adds_exactly_and_never_across_currencies(first: int, second: int) -> None:
    assert (Money(first, "eur") + Money(second, "eur") - Money(second, "eur")).amount == first
    with pytest.raises(CurrencyMismatch):
        Money(first, "eur") + Money(second, "usd")


def test_money_is_said_with_its_currency() -> None:
    assert [str(Money(123456, code)) for code in ("eur", "chf", "jpy")] == ["€1,234.56", "CHF 1,234.56", "¥123,456"]
    assert str(Money(-300, "eur")) == "-€3.00"


def test_bad_prices_are_named() -> None:
    def codes(**changes: object) -> list[str]:
        good = PriceTerms(Interval.MONTH, Money(500, "eur"))
        return [code for code, _ in replace(good, **changes).problems()]  # type: ignore[arg-type]  # fields by name

    assert codes() == []
    assert codes(money=Money(500, "xyz")) == ["MP6010"]
    assert codes(money=Money(99, "eur")) == ["MP6011"]
    assert codes(trial_days=91) == ["MP6012"]
    assert codes(interval=Interval.ONCE, trial_days=7) == ["MP6013"]


@pytest.mark.parametrize(
    ("changes", "state", "reason"),
    [
        ({}, LicenceState.ACTIVE, Reason.NONE),
        ({"payments": (replace(PAID, refunded=499),)}, LicenceState.ACTIVE, Reason.NONE),
        ({"payments": (replace(PAID, refunded=500),)}, LicenceState.REVOKED, Reason.REFUNDED),
        (
            {"payments": (replace(PAID, disputes=(dispute(DisputeState.OPEN),)),)},
            LicenceState.SUSPENDED,
            Reason.DISPUTED,
        ),
        ({"payments": (replace(PAID, disputes=(dispute(DisputeState.WON),)),)}, LicenceState.ACTIVE, Reason.NONE),
        (
            {"payments": (replace(PAID, disputes=(dispute(DisputeState.LOST),)),)},
            LicenceState.REVOKED,
            Reason.DISPUTE_LOST,
        ),
        (
            {"subscription": replace(HELD, status="trialing", trial_end=NOW + 7 * DAY), "payments": ()},
            LicenceState.TRIAL,
            Reason.NONE,
        ),
        ({"subscription": replace(HELD, status="past_due", unpaid_since=NOW)}, LicenceState.GRACE, Reason.UNPAID),
        ({"subscription": replace(HELD, status="unpaid", unpaid_since=NOW)}, LicenceState.SUSPENDED, Reason.UNPAID),
        ({"subscription": replace(HELD, status="paused")}, LicenceState.SUSPENDED, Reason.UNPAID),
        ({"subscription": replace(HELD, status="canceled", ended_at=NOW)}, LicenceState.ENDED, Reason.CANCELLED),
        (
            {"subscription": replace(HELD, status="canceled", trial_end=NOW), "payments": ()},
            LicenceState.ENDED,
            Reason.TRIAL_LAPSED,
        ),
    ],
)
def test_facts_amount_to_one_state(changes: dict[str, object], state: LicenceState, reason: Reason) -> None:
    terms = derive(replace(ORDER, **changes), RULES)  # type: ignore[arg-type]  # fields by name

    assert terms is not None
    assert (terms.state, terms.reason, terms.seats) == (state, reason, 3)


@pytest.mark.parametrize(
    "facts",
    [
        replace(ORDER, session_status="open"),
        replace(ORDER, session_status="expired"),
        replace(ORDER, payment_status="unpaid", payments=()),
        replace(ORDER, subscription=replace(HELD, status="incomplete")),
    ],
)
def test_nothing_is_given_for_what_was_not_paid(facts: OrderFacts) -> None:
    assert derive(facts, RULES) is None


def test_grace_shuts_the_door_by_itself() -> None:
    terms = derive(replace(ORDER, subscription=replace(HELD, status="past_due", unpaid_since=NOW)), RULES)

    assert terms is not None
    assert is_open(terms.state, terms.open_until, NOW + 14 * DAY - 1)
    assert not is_open(terms.state, terms.open_until, NOW + 14 * DAY)


def test_an_end_that_was_chosen_comes_to_the_second_and_a_renewal_has_two_days_of_slack() -> None:
    def until(*, ends: bool) -> int | None:
        terms = derive(replace(ORDER, subscription=replace(HELD, ends_with_period=ends)), RULES)
        return terms.open_until if terms else None

    assert (until(ends=True), until(ends=False)) == (NOW + 30 * DAY, NOW + 32 * DAY)


STATES = st.sampled_from(["trialing", "active", "past_due", "unpaid", "paused", "canceled", "incomplete"])
DISPUTES = st.lists(st.sampled_from(list(DisputeState)).map(dispute), max_size=2).map(tuple)


@given(STATES, DISPUTES, st.integers(0, 500), st.sampled_from(["now", "later"]))
def test_a_lost_dispute_or_a_full_refund_never_leaves_the_door_open(
    status: str, disputes: tuple[DisputeFacts, ...], refunded: int, ends: str
) -> None:
    payment = replace(PAID, refunded=refunded, disputes=disputes)
    subscription = replace(HELD, status=status, ends_with_period=ends == "now", trial_end=NOW + DAY)

    terms = derive(replace(ORDER, payments=(payment,), subscription=subscription), RULES)

    shut = refunded == 500 or any(row.state is not DisputeState.WON for row in disputes)
    assert terms is None or not (shut and terms.state in OPEN)
    assert terms == derive(replace(ORDER, payments=(payment,), subscription=subscription), RULES)
