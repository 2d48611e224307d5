"""The published test cards that the sandbox takes, and what each of them does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from payments.sandbox.errors import Refusal

if TYPE_CHECKING:
    from payments.sandbox.store import Thing
    from payments.sandbox.world import World


@dataclass(frozen=True, slots=True)
class Card:
    """One test card: whether it asks for 3-D Secure, pays now, pays at renewals, and is disputed."""

    number: str
    says: str
    asks: bool = False
    decline: str = ""
    later: str = ""
    is_disputed: bool = False


CARDS = {
    card.number: card
    for card in (
        Card("4242424242424242", "Pays"),
        Card("4000002760003184", "Asks for 3-D Secure, then pays", asks=True),
        Card("4000000000000002", "Is declined", decline="generic_decline", later="generic_decline"),
        Card("4000000000009995", "Has insufficient funds", decline="insufficient_funds", later="insufficient_funds"),
        Card("4000000000000341", "Pays now, is declined at every renewal", later="generic_decline"),
        Card("4000000000000259", "Pays, then the payment is disputed", is_disputed=True),
    )
}
CHECKS = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
TOKENS = {"pm_card_visa": "4242424242424242", "pm_card_chargeCustomerFail": "4000000000000341"}


def card_of(number: str) -> Card:
    """The card with this number, spaces or not; raises Stripe's error for any other."""
    card = CARDS.get(number.replace(" ", ""))
    if card is None:
        raise Refusal(
            "Your card number is incorrect.", status=402, kind="card_error", code="incorrect_number", param="number"
        )
    return card


def method_make(world: World, number: str, customer: str | None, email: str | None = None) -> Thing:
    """A payment method over the card, attached to the customer."""
    card = card_of(number)
    about = {
        "brand": "visa", "checks": CHECKS, "country": "IE", "display_brand": "visa", "exp_month": 12, "exp_year": 2034,
        "fingerprint": "sandbox", "funding": "credit", "generated_from": None, "last4": card.number[-4:],
        "networks": None, "regulated_status": "unregulated", "wallet": None,
        "three_d_secure_usage": {"supported": True},
    }  # fmt: skip
    method = world.make("payment_method", "pm", customer=customer, card=about, _number=card.number)
    method["billing_details"] = method["billing_details"] | {"email": email}
    world.change(method, billing_details=method["billing_details"])
    if customer is not None:
        world.emit("payment_method.attached", method)
    return method


def behaviour(method: Thing) -> Card:
    """What the card behind a payment method does."""
    return CARDS[method["_number"]]
