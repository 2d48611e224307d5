"""Work that a commit promised: jobs to run at least once."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from marketplace.core.ids import uuid7


class OutboxEntry(models.Model):
    """One job by stable name; deleted when it has run, kept with its error when it was given up."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    job = models.CharField(max_length=80)
    queue = models.CharField(max_length=24, default="default")
    arguments = models.JSONField(default=dict)
    key = models.CharField(max_length=160, null=True, blank=True)  # noqa: DJ001  (null is unequal to itself)
    request_id = models.CharField(max_length=64, blank=True)
    due_at = models.DateTimeField(default=timezone.now)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    given_up_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "outbox entries"
        constraints = [
            models.UniqueConstraint(
                fields=["job", "key"],
                condition=models.Q(attempts=0, key__isnull=False, given_up_at__isnull=True),
                name="marketplace_outbox_debounced",
            ),
        ]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(given_up_at__isnull=True), name="marketplace_outbox_due"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.job} {self.public_id}"
