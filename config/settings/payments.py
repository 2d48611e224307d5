"""Stripe's fixed choices; they must stand before the first migration."""

from __future__ import annotations

from config.env import env

PAYMENTS = env.payments
DJSTRIPE_SUBSCRIBER_MODEL = "payments.BillingAccount"
DJSTRIPE_SUBSCRIBER_MODEL_REQUEST_CALLBACK = "payments.views.subscriber.subscriber_of_request"
DJSTRIPE_FOREIGN_KEY_TO_FIELD = "id"
STRIPE_API_VERSION = "2026-05-27.dahlia"
STRIPE_LIVE_MODE = False
MIGRATION_MODULES = {"djstripe": "config.djstripe_migrations"}
