"""Billing accounts, and the processor's customers behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payments.clients import billing
from payments.models import BillingAccount

if TYPE_CHECKING:
    from marketplace.models import Organization, User


def subscriber_of_user(user: User) -> BillingAccount:
    """The user's own billing account, made at the first question."""
    account, _ = BillingAccount.objects.get_or_create(user=user, defaults={"email": user.email})
    return account


def subscriber_of_organization(organization: Organization, *, email: str) -> BillingAccount:
    """The organization's billing account, made at the first question; papers go to `email` then."""
    account, _ = BillingAccount.objects.get_or_create(organization=organization, defaults={"email": email})
    return account


def customer_of(account: BillingAccount) -> str:
    """The account's customer at the processor, made at the first question; raises Unavailable MP6030."""
    if not account.stripe_customer:
        name = str(account.organization or account.user)
        key = str(account.public_id)
        account.stripe_customer = billing().customer_make(key=key, email=account.email, name=name)
        account.save(update_fields=["stripe_customer"])
    return account.stripe_customer
