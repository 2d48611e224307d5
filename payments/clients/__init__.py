"""The payment processor behind our own words."""

from __future__ import annotations

from payments.clients.billing import Account, Billing, Checkout, Given, NewPrice, SeatPreview
from payments.clients.stripe_billing import StripeBilling

__all__ = ["Account", "Billing", "Checkout", "Given", "NewPrice", "SeatPreview", "billing"]


def billing() -> Billing:
    """The processor that the settings name: Stripe, or the sandbox that speaks like it."""
    return StripeBilling()
