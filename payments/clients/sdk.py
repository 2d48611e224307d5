"""The Stripe SDK, set up: version, time-outs, and our errors for its own."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

import structlog
from django.conf import settings

from marketplace.core.errors import Conflict, Invalid, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import stripe

log = structlog.get_logger(__name__)

SECONDS = 15
RETRIES = 2


def client() -> stripe.StripeClient:
    """A client for the key and host in force."""
    return _client(settings.STRIPE_SECRET_KEY, getattr(settings, "STRIPE_API_HOST", ""))


@cache
def _client(key: str, host: str) -> stripe.StripeClient:
    import stripe  # noqa: PLC0415  (takes 0.2 s)

    return stripe.StripeClient(
        key,
        stripe_version=settings.STRIPE_API_VERSION,
        base_addresses={"api": host} if host else {},
        max_network_retries=RETRIES,
        http_client=stripe.RequestsClient(timeout=SECONDS),
    )


@contextmanager
def translated() -> Iterator[None]:
    """Turn the SDK's errors into ours: Conflict MP6032, Invalid MP6031, Unavailable MP6030."""
    import stripe  # noqa: PLC0415  (likewise)

    try:
        yield
    except stripe.CardError as error:
        raise Conflict("MP6032", {"reason": error.user_message or str(error)}) from error
    except (stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        log.warning("stripe.refused", code=error.code, error=str(error))
        raise Invalid("MP6031", {"reason": error.user_message or str(error)}) from error
    except stripe.StripeError as error:
        log.warning("stripe.failed", error=str(error))
        raise Unavailable("MP6030") from error
