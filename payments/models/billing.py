"""Who pays: the subscriber that Stripe's customers hang on."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from marketplace.core.ids import uuid7
from marketplace.models import Organization


class BillingAccount(models.Model):
    """One user or one organization as a payer; `email` is where Stripe sends papers."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.OneToOneField(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    email = models.EmailField(max_length=254)
    stripe_customer = models.CharField(max_length=64, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(organization__isnull=True),
                name="payments_account_of_one",
            ),
            models.UniqueConstraint(
                fields=["stripe_customer"],
                condition=~models.Q(stripe_customer=""),
                name="payments_account_customer_once",
            ),
        ]

    def __str__(self) -> str:
        return self.email
