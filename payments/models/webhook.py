"""What the processor told us, word for word, and which account tells it."""

from __future__ import annotations

from django.db import models

from marketplace.core.ids import uuid7


class WebhookEvent(models.Model):
    """One verified event, stored once; it is deleted by the purge long after it was processed."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    stripe_event = models.CharField(max_length=128, unique=True)
    kind = models.CharField(max_length=80, db_index=True)
    subject = models.CharField(max_length=128, blank=True)
    payload = models.JSONField()
    received_at = models.DateTimeField(auto_now_add=True, db_index=True)
    processed_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["received_at"], condition=models.Q(processed_at__isnull=True), name="payments_event_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.stripe_event}"


class Merchant(models.Model):
    """The one account at the processor that this database belongs to."""

    class Only(models.IntegerChoices):
        """There is a single row."""

        ROW = 1

    only = models.PositiveSmallIntegerField(primary_key=True, default=Only.ROW, choices=Only)
    account = models.CharField(max_length=64)
    is_live = models.BooleanField(default=False)
    seen_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(only=1), name="payments_merchant_only_one")]

    def __str__(self) -> str:
        return self.account
