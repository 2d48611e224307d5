"""What we ask of a payment processor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from payments.domain.facts import OrderFacts
    from payments.domain.money import Money
    from payments.domain.prices import PriceTerms


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A price to be known to the processor; `key` makes a repeated call harmless."""

    key: str
    product: str
    about: str
    terms: PriceTerms


@dataclass(frozen=True, slots=True)
class Checkout:
    """An order that a person shall pay on the processor's page; `order` comes back with every event."""

    order: str
    customer: str
    price: str
    seats: int
    terms: PriceTerms
    success_url: str
    cancel_url: str


@dataclass(frozen=True, slots=True)
class SeatPreview:
    """What another number of seats costs: `now` is due at once (negative: a credit), `then` at each renewal."""

    now: Money
    then: Money


@dataclass(frozen=True, slots=True)
class Given:
    """A refund that was made."""

    id: str
    amount: int


@dataclass(frozen=True, slots=True)
class Account:
    """The account that the key belongs to."""

    id: str
    is_live: bool


class Billing(Protocol):
    """A processor; every call raises Unavailable MP6030, Invalid MP6031 or Conflict MP6032 when it comes to nothing."""

    def account(self) -> Account:
        """Whose key this is."""

    def customer_make(self, *, key: str, email: str, name: str) -> str:
        """A payer; the id."""

    def price_make(self, price: NewPrice) -> tuple[str, str]:
        """A product with its price; both ids."""

    def price_retire(self, price: str) -> None:
        """Nobody new can pay this price."""

    def promotion_make(self, *, key: str, code: str, percent: int, product: list[str], **limits: int | None) -> str:
        """A code for a share off; `months`, `most_uses`, `expires_at` may limit it. The id."""

    def promotion_stop(self, promotion: str) -> None:
        """The code is of no more use."""

    def checkout_open(self, checkout: Checkout) -> tuple[str, str]:
        """A page to pay on: its id and its address."""

    def checkout_close(self, session: str) -> None:
        """Close the page, when it is still open."""

    def order_facts(self, session: str) -> OrderFacts:
        """Everything about one order at this moment."""

    def order_mirror(self, session: str) -> list[str]:
        """Copy everything about one order into the mirror; a sentence for each object that could not be copied."""

    def order_of_event(self, payload: dict[str, Any]) -> dict[str, str]:
        """What an event is about: any of `order`, `session`, `subscription`, `intent`."""

    def subscription_of_intent(self, intent: str) -> str:
        """The subscription whose invoice this payment pays; empty when there is none."""

    def seats_preview(self, subscription: str, seats: int) -> SeatPreview:
        """What another number of seats would cost."""

    def seats_change(self, subscription: str, seats: int, *, is_more: bool, key: str) -> None:
        """Change the seats: more are paid at once, fewer become a credit."""

    def ending_set(self, subscription: str, *, ends: bool) -> None:
        """End with the period that is paid, or take that back."""

    def subscription_end(self, subscription: str) -> None:
        """End now; ending twice is no error."""

    def refund(self, intent: str, amount: int, *, key: str, reason: str) -> Given:
        """Give money back."""

    def portal_open(self, customer: str, return_url: str) -> str:
        """The address of the page where the payer changes cards and finds invoices."""

    def event_verify(self, body: bytes, signature: str) -> dict[str, Any]:
        """The event in a webhook; raises Invalid MP6070, MP6072."""
