"""From what the processor says to what the buyer holds: one function of the present facts.

It looks at nothing else, so events may come late, twice, in any order or not at all: the next look gives the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from payments.domain.facts import DisputeState

if TYPE_CHECKING:
    from payments.domain.facts import OrderFacts, PaymentFacts, SubscriptionFacts

DAY = 24 * 3600
SLACK_SECONDS = 2 * DAY


class LicenceState(StrEnum):
    """What a licence gives: the first three open the door, the others keep it shut."""

    TRIAL = "trial"
    ACTIVE = "active"
    GRACE = "grace"
    SUSPENDED = "suspended"
    ENDED = "ended"
    REVOKED = "revoked"


class Reason(StrEnum):
    """Why a licence is not simply active."""

    NONE = ""
    UNPAID = "unpaid"
    DISPUTED = "disputed"
    DISPUTE_LOST = "dispute_lost"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"
    TRIAL_LAPSED = "trial_lapsed"


OPEN = frozenset({LicenceState.TRIAL, LicenceState.ACTIVE, LicenceState.GRACE})
DEAD = frozenset({LicenceState.ENDED, LicenceState.REVOKED})


@dataclass(frozen=True, slots=True)
class Rules:
    """The operator's choices, in days."""

    grace_days: int


@dataclass(frozen=True, slots=True)
class Terms:
    """What a licence says; `open_until`: when the door shuts by itself (None: never); times in seconds."""

    state: LicenceState
    reason: Reason
    seats: int
    starts_at: int
    open_until: int | None
    renews_at: int | None = None
    trial_ends_at: int | None = None


def derive(facts: OrderFacts, rules: Rules) -> Terms | None:
    """The licence that these facts amount to; None while nothing was bought."""
    if facts.session_status != "complete":
        return None
    terms = _subscribed(facts, facts.subscription, rules) if facts.subscription else _bought(facts)
    if terms is None:
        return None
    states = {dispute.state for payment in facts.payments for dispute in payment.disputes}
    if DisputeState.LOST in states:
        return _shut(terms, LicenceState.REVOKED, Reason.DISPUTE_LOST)
    latest = _latest(facts)
    if latest is not None and latest.is_given_back:
        return _shut(terms, LicenceState.REVOKED, Reason.REFUNDED)
    if DisputeState.OPEN in states and terms.state not in DEAD:
        return _shut(terms, LicenceState.SUSPENDED, Reason.DISPUTED)
    return terms


def _shut(terms: Terms, state: LicenceState, reason: Reason) -> Terms:
    return Terms(state, reason, terms.seats, terms.starts_at, terms.open_until, None, terms.trial_ends_at)


def _latest(facts: OrderFacts) -> PaymentFacts | None:
    return max(facts.payments, key=lambda payment: (payment.paid_at, payment.intent), default=None)


def _bought(facts: OrderFacts) -> Terms | None:
    if facts.payment_status == "unpaid":
        return None
    return Terms(LicenceState.ACTIVE, Reason.NONE, facts.seats, facts.completed_at, None)


def _subscribed(facts: OrderFacts, held: SubscriptionFacts, rules: Rules) -> Terms | None:
    def terms(state: LicenceState, reason: Reason, until: int, *, renews: bool = False) -> Terms:
        renews_at = held.period_end if renews and not held.ends_with_period else None
        return Terms(state, reason, held.seats, held.started_at, until, renews_at, held.trial_end)

    slack = 0 if held.ends_with_period else SLACK_SECONDS
    match held.status:
        case "trialing":
            return terms(LicenceState.TRIAL, Reason.NONE, held.period_end + slack, renews=True)
        case "active":
            return terms(LicenceState.ACTIVE, Reason.NONE, held.period_end + slack, renews=True)
        case "past_due":
            since = held.unpaid_since or held.period_start
            return terms(LicenceState.GRACE, Reason.UNPAID, since + rules.grace_days * DAY)
        case "unpaid" | "paused":
            return terms(LicenceState.SUSPENDED, Reason.UNPAID, held.unpaid_since or held.period_start)
        case "canceled":
            ended = held.ended_at or held.period_end
            lapsed = held.trial_end is not None and not facts.payments
            return terms(LicenceState.ENDED, Reason.TRIAL_LAPSED if lapsed else Reason.CANCELLED, ended)
    return None


def is_open(state: str, open_until: float | None, at: float) -> bool:
    """Whether the licence opens the door at the moment `at` (seconds)."""
    return state in OPEN and (open_until is None or at < open_until)
