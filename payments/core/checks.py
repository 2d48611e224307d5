"""What `manage.py check` says about the keys of the payment processor."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error


def keys_check(**_options: Any) -> list[CheckMessage]:
    """Refuse live keys beside DEBUG or the sandbox, and selling without keys."""
    key = settings.STRIPE_SECRET_KEY
    found: list[CheckMessage] = []
    if "_live_" in key and settings.DEBUG:
        found.append(Error("Live Stripe keys and DEBUG do not go together.", "Unset DEBUG.", id="payments.E001"))
    if "_live_" in key and settings.PAYMENTS_SANDBOX:
        found.append(
            Error("Live Stripe keys and the payments sandbox do not go together.", "Unset one.", id="payments.E002")
        )
    if settings.PAYMENTS != "off" and not (key and settings.STRIPE_WEBHOOK_SECRET):
        hint = "Set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET, or PAYMENTS=off; docs/payments.md says how."
        found.append(Error("PAYMENTS is on without Stripe keys.", hint, id="payments.E003"))
    return found
