"""Orders: what somebody set out to buy, and the payments that came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7
from marketplace.models import Organization
from payments.domain.money import Money
from payments.models.billing import BillingAccount
from payments.models.price import Price
from registry.models import Package


class Order(models.Model):
    """One purchase, keyed by the processor's ids; `user` or `organization` says whose it is."""

    class State(models.TextChoices):
        """How far the checkout got."""

        OPEN = "open", _("open")
        COMPLETE = "complete", _("complete")
        EXPIRED = "expired", _("expired")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    number = models.CharField(max_length=12, unique=True, editable=False)
    account = models.ForeignKey(BillingAccount, models.PROTECT, related_name="orders")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    package = models.ForeignKey(Package, models.PROTECT, related_name="+")
    price = models.ForeignKey(Price, models.PROTECT, related_name="orders")
    seats = models.PositiveIntegerField(default=1)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    buyer = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    buyer_name = models.CharField(max_length=254, blank=True)
    stripe_session = models.CharField(max_length=128, blank=True)
    stripe_subscription = models.CharField(max_length=64, blank=True)
    stripe_intent = models.CharField(max_length=64, blank=True)
    checkout_url = models.URLField(max_length=2000, blank=True)
    refusal = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    synced_at = models.DateTimeField(null=True, blank=True)
    sync_error = models.TextField(blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(organization__isnull=True),
                name="payments_order_of_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "complete", "expired"]), name="payments_order_state_known"
            ),
            models.CheckConstraint(condition=models.Q(seats__gte=1), name="payments_order_has_seats"),
            *(
                models.UniqueConstraint(
                    fields=[field], condition=~models.Q(**{field: ""}), name=f"payments_order_{name}_once"
                )
                for field, name in (("stripe_session", "session"), ("stripe_subscription", "subscription"))
            ),
        ]
        indexes = [
            models.Index(fields=["package", "-id"], name="payments_order_package"),
            models.Index(fields=["stripe_intent"], name="payments_order_intent"),
        ]

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """One payment of an order, as the processor tells it; amounts in minor units."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    order = models.ForeignKey(Order, models.PROTECT, related_name="payments")
    stripe_intent = models.CharField(max_length=64, unique=True)
    stripe_charge = models.CharField(max_length=64, db_index=True)
    amount = models.PositiveIntegerField()
    refunded = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3)
    card = models.CharField(max_length=40, blank=True)
    invoice_number = models.CharField(max_length=64, blank=True)
    invoice_url = models.URLField(max_length=2000, blank=True)
    receipt_url = models.URLField(max_length=2000, blank=True)
    paid_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering = ["-paid_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(refunded__lte=models.F("amount")), name="payments_payment_refund_within"
            ),
        ]

    def __str__(self) -> str:
        return str(self.money)

    @property
    def money(self) -> Money:
        """What was paid."""
        return Money(self.amount, self.currency)

    @property
    def given_back(self) -> Money:
        """What was refunded of it."""
        return Money(self.refunded, self.currency)


class Dispute(models.Model):
    """A payment that the buyer's bank took back until the matter is decided."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("open")
        WON = "won", _("won")
        LOST = "lost", _("lost")

    payment = models.ForeignKey(Payment, models.PROTECT, related_name="disputes")
    stripe_dispute = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=8, choices=State)
    amount = models.PositiveIntegerField()
    reason = models.CharField(max_length=64, blank=True)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "won", "lost"]), name="payments_dispute_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stripe_dispute}: {self.state}"
