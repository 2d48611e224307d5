"""What the processor says about one order, in our words; times are seconds since 1970."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class DisputeState(StrEnum):
    """Where a dispute stands."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class DisputeFacts:
    """One dispute of a payment."""

    id: str
    state: DisputeState
    amount: int
    reason: str
    opened_at: int
    due_at: int | None = None


@dataclass(frozen=True, slots=True)
class PaymentFacts:
    """One payment that came in; amounts in minor units."""

    intent: str
    charge: str
    amount: int
    refunded: int
    currency: str
    paid_at: int
    receipt_url: str = ""
    invoice: str = ""
    invoice_number: str = ""
    invoice_url: str = ""
    card: str = ""
    disputes: tuple[DisputeFacts, ...] = ()

    @property
    def is_given_back(self) -> bool:
        """Whether all of it was refunded."""
        return self.amount > 0 and self.refunded >= self.amount


@dataclass(frozen=True, slots=True)
class SubscriptionFacts:
    """The subscription behind an order; `unpaid_since`: when the oldest open invoice was made."""

    id: str
    status: str
    seats: int
    started_at: int
    period_start: int
    period_end: int
    ends_with_period: bool = False
    trial_end: int | None = None
    ended_at: int | None = None
    unpaid_since: int | None = None
    pay_url: str = ""


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Everything about one order at one moment."""

    session: str
    session_status: str
    payment_status: str
    seats: int
    completed_at: int
    total: int
    payments: tuple[PaymentFacts, ...] = ()
    subscription: SubscriptionFacts | None = None
    refusal: str = ""
