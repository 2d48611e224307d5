"""Which billing account a request acts for (dj-stripe asks)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payments.services.billing import subscriber_of_user

if TYPE_CHECKING:
    from django.http import HttpRequest

    from payments.models import BillingAccount


def subscriber_of_request(request: HttpRequest) -> BillingAccount:
    """The billing account of whoever is signed in."""
    return subscriber_of_user(request.user)  # type: ignore[arg-type]  # dj-stripe asks for signed-in requests only
