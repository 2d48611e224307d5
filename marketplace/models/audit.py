"""What was done by whom: append-only, sealed later in a chain of hashes."""

from __future__ import annotations

from django.db import models

from marketplace.core.ids import uuid7


class CurrentTransaction(models.Func):
    """The number of the running transaction (PostgreSQL's xid8) as a bigint."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class AuditEntry(models.Model):
    """One act; people are kept as a number and a text snapshot. UPDATE and DELETE are refused by a trigger."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)
    action = models.CharField(max_length=64, db_index=True)
    actor_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    actor_name = models.CharField(max_length=254, blank=True)
    token = models.UUIDField(null=True, blank=True)
    organization_id = models.BigIntegerField(null=True, blank=True, db_index=True)
    subject_kind = models.CharField(max_length=32)
    subject_id = models.UUIDField(null=True, blank=True, db_index=True)
    subject_name = models.CharField(max_length=200, blank=True)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name_plural = "audit entries"

    def __str__(self) -> str:
        return f"{self.action} {self.subject_name}"


class AuditSeal(models.Model):
    """The hash of one audit row chained to the one before, in id order."""

    entry = models.OneToOneField(AuditEntry, models.PROTECT, primary_key=True, related_name="seal")
    digest = models.CharField(max_length=64)
    sealed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.digest
