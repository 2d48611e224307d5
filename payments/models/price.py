"""What packages cost."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7
from payments.domain.money import Money
from payments.domain.prices import Interval, PriceTerms
from registry.models import Package


class Price(models.Model):
    """One price of a package, never changed: another price is another row, and who bought keeps theirs."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="+")
    interval = models.CharField(
        max_length=8,
        choices=[
            (Interval.ONCE.value, _("once")),
            (Interval.MONTH.value, _("month")),
            (Interval.YEAR.value, _("year")),
        ],
    )
    amount = models.PositiveIntegerField(help_text=_("In minor units."))
    currency = models.CharField(max_length=3)
    is_per_seat = models.BooleanField(default=False)
    trial_days = models.PositiveSmallIntegerField(default=0)
    trial_needs_card = models.BooleanField(default=True)
    stripe_product = models.CharField(max_length=64, blank=True)
    stripe_price = models.CharField(max_length=64, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["amount", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(interval__in=[item.value for item in Interval]), name="payments_price_interval_known"
            ),
            models.CheckConstraint(condition=models.Q(amount__gte=1), name="payments_price_costs_something"),
            models.CheckConstraint(
                condition=~models.Q(interval="once") | models.Q(trial_days=0), name="payments_price_trial_recurs"
            ),
            models.UniqueConstraint(
                fields=["package", "interval", "currency", "is_per_seat"],
                condition=models.Q(archived_at__isnull=True),
                name="payments_price_one_of_a_kind",
            ),
        ]
        indexes = [
            models.Index(fields=["package"], condition=models.Q(archived_at__isnull=True), name="payments_price_open"),
        ]

    def __str__(self) -> str:
        return f"{self.money} / {self.interval}"

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)

    @property
    def terms(self) -> PriceTerms:
        """The price as the rules see it."""
        return PriceTerms(Interval(self.interval), self.money, self.is_per_seat, self.trial_days, self.trial_needs_card)


class Promotion(models.Model):
    """A code that takes something off at checkout; the processor counts its uses."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(Package, models.PROTECT, related_name="+")
    code = models.CharField(max_length=32, db_collation="C")
    percent_off = models.PositiveSmallIntegerField()
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    most_uses = models.PositiveIntegerField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    stripe_promotion = models.CharField(max_length=64, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(percent_off__gte=1, percent_off__lte=100), name="payments_promotion_share"
            ),
            models.UniqueConstraint(
                fields=["code"], condition=models.Q(stopped_at__isnull=True), name="payments_promotion_code_once"
            ),
        ]

    def __str__(self) -> str:
        return self.code
