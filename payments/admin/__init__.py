"""Payments in the administration: money moves through Stripe, never here."""

from __future__ import annotations

from django.contrib import admin

from marketplace.core.admin import records, rest
from payments.admin.events import WebhookEventAdmin
from payments.models import (
    BillingAccount,
    Dispute,
    Licence,
    Order,
    Payment,
    Price,
    Promotion,
    Seat,
    WebhookEvent,
)

records(
    BillingAccount, "email user organization stripe_customer created_at", search="email =stripe_customer user__email"
)
records(
    Price,
    "package interval amount currency is_per_seat archived_at",
    search="package__full_name",
    filters="interval currency",
)
records(
    Order,
    "number package account seats state created_at completed_at",
    search="number package__full_name buyer_name =stripe_session =stripe_subscription",
    filters="state",
)
records(
    Payment,
    "stripe_intent order amount refunded currency paid_at",
    search="stripe_intent stripe_charge order__number",
    filters="currency",
)
records(
    Licence,
    "package user organization state seats seats_taken open_until",
    search="package__full_name user__email",
    filters="state",
)
records(Seat, "licence user given_at used_at released_at", search="user__email")
records(
    Dispute,
    "stripe_dispute payment state amount reason opened_at due_at",
    search="=stripe_dispute payment__order__number",
    filters="state",
)
records(Promotion, "code package percent_off months most_uses expires_at stopped_at", search="code package__full_name")
admin.site.register(WebhookEvent, WebhookEventAdmin)
rest("payments")
