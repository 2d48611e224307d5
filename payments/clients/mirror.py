"""dj-stripe's mirror: a copy of the processor's objects for papers, admin and whoever looks things up.

Licences are derived from what was read a moment ago and never from the mirror, so an object that dj-stripe cannot take
(customer discounts in its own default API version, for one) is written down and stops nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, transaction

if TYPE_CHECKING:
    from collections.abc import Iterable

log = structlog.get_logger(__name__)

FAULTS = (DatabaseError, ObjectDoesNotExist, RuntimeError, LookupError, TypeError, ValueError)
MODELS = {
    "checkout.session": "Session",
    "subscription": "Subscription",
    "invoice": "Invoice",
    "payment_intent": "PaymentIntent",
    "charge": "Charge",
    "dispute": "Dispute",
}


def mirror(objects: Iterable[Any]) -> list[str]:
    """Copy the objects; returns a sentence for each that could not be copied."""
    import stripe  # noqa: PLC0415  (takes 0.2 s)
    from djstripe import models  # noqa: PLC0415  (likewise)

    faults = (*FAULTS, stripe.StripeError)
    host = getattr(settings, "STRIPE_API_HOST", "")
    if host:
        stripe.api_base = host
    failed = []
    for data in objects:
        try:
            with transaction.atomic():
                getattr(models, MODELS[data["object"]]).sync_from_stripe_data(data, api_key=settings.STRIPE_SECRET_KEY)
        except faults as error:
            log.warning("stripe.mirror_failed", object=data["id"], error=str(error))
            failed.append(f"{data['id']}: {type(error).__name__}: {error}"[:300])
    return failed
