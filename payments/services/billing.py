"""Billing accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payments.models import BillingAccount

if TYPE_CHECKING:
    from marketplace.models import User


def subscriber_of_user(user: User) -> BillingAccount:
    """The user's own billing account, made at the first question."""
    account, _ = BillingAccount.objects.get_or_create(user=user, defaults={"email": user.email})
    return account
