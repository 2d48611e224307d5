"""Who sells, and Stripe's fixed choices, which must stand before the first migration."""

from __future__ import annotations

from django.core.exceptions import ImproperlyConfigured

from config.env import env

PAYMENTS = env.payments
if PAYMENTS not in {"off", "direct"}:
    raise ImproperlyConfigured("PAYMENTS must be off, or direct: the operator sells and is paid; docs/payments.md.")
PAYMENTS_SANDBOX = bool(env.stripe_api_host)
PAYMENT_PAGES = [
    *([env.stripe_api_host] if env.stripe_api_host else []),
    "https://checkout.stripe.com",
    "https://billing.stripe.com",
]
REFUND_DAYS = env.refund_days
PAYMENT_GRACE_DAYS = env.payment_grace_days

STRIPE_SECRET_KEY = env.stripe_secret_key
STRIPE_WEBHOOK_SECRET = env.stripe_webhook_secret
STRIPE_API_VERSION = "2026-05-27.dahlia"
STRIPE_LIVE_MODE = "_live_" in env.stripe_secret_key
if env.stripe_api_host:
    STRIPE_API_HOST = env.stripe_api_host

DJSTRIPE_SUBSCRIBER_MODEL = "payments.BillingAccount"
DJSTRIPE_SUBSCRIBER_MODEL_REQUEST_CALLBACK = "payments.views.subscriber.subscriber_of_request"
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
MIGRATION_MODULES = {"djstripe": "config.djstripe_migrations"}
