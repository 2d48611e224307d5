"""The tables of payments."""

from __future__ import annotations

from payments.models.billing import BillingAccount
from payments.models.licence import Licence, Seat
from payments.models.order import Dispute, Order, Payment
from payments.models.price import Price, Promotion
from payments.models.webhook import Merchant, WebhookEvent

__all__ = [
    "BillingAccount",
    "Dispute",
    "Licence",
    "Merchant",
    "Order",
    "Payment",
    "Price",
    "Promotion",
    "Seat",
    "WebhookEvent",
]
