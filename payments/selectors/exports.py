"""The part of payments in a person's export."""

from __future__ import annotations

from typing import Any

from payments.models import BillingAccount, Licence, Order, Payment, Seat


def purchases_part(user_id: int) -> dict[str, Any]:
    """The billing address, orders, payments (minor units), licences and seats of the person's own."""
    own = {"user_id": user_id}
    return {
        "billing": list(BillingAccount.objects.filter(**own).values("email", "created_at")),
        "orders": list(
            Order.objects.filter(**own)
            .values("number", "package__full_name", "seats", "state", "created_at", "completed_at")
            .order_by("pk")
        ),
        "payments": list(
            Payment.objects.filter(order__user_id=user_id)
            .values("order__number", "amount", "refunded", "currency", "card", "invoice_number", "paid_at")
            .order_by("pk")
        ),
        "licences": list(
            Licence.objects.filter(**own)
            .values("public_id", "package__full_name", "state", "reason", "starts_at", "open_until")
            .order_by("pk")
        ),
        "seats": list(
            Seat.objects.filter(**own)
            .values("licence__package__full_name", "given_at", "used_at", "released_at")
            .order_by("pk")
        ),
    }
