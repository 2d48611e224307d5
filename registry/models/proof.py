"""Proofs: what shows that a domain or an account elsewhere belongs to a publisher."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.utils import timezone

from marketplace.core.ids import uuid7
from registry.domain.proofs import Method, token_make
from registry.models.publisher import Publisher

if TYPE_CHECKING:
    from datetime import datetime


class Proof(models.Model):
    """A publisher's claim to one name elsewhere, and what was found of it; it holds until `expires_at`.

    Each check that finds the token moves `checked_at` and `expires_at` on; one that does not leaves its reason in
    `failure` (a code) and `failure_params`. A moderator's revocation ends it and keeps it from being proven again.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    publisher = models.ForeignKey(Publisher, models.CASCADE, related_name="proofs")
    method = models.CharField(max_length=8, choices=[(method.value, method.value) for method in Method])
    subject = models.CharField(max_length=120, db_collation="C")
    token = models.CharField(max_length=40, default=token_make)
    created_at = models.DateTimeField(auto_now_add=True)
    asked_at = models.DateTimeField(null=True, blank=True)
    looked_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    evidence = models.CharField(max_length=500, blank=True)
    failure = models.CharField(max_length=6, blank=True)
    failure_params = models.JSONField(default=dict, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publisher", "method", "subject"], name="registry_proof_once"),
            models.CheckConstraint(
                condition=models.Q(method__in=["dns", "github", "demo"]), name="registry_proof_method_known"
            ),
            models.CheckConstraint(
                condition=models.Q(checked_at=None, expires_at=None, evidence="")
                | (models.Q(checked_at__isnull=False, expires_at__isnull=False) & ~models.Q(evidence="")),
                name="registry_proof_expires_and_has_evidence",
            ),
        ]
        indexes = [
            models.Index(fields=["looked_at"], condition=models.Q(revoked_at=None), name="registry_proof_to_look_at"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} ({self.method})"

    def holds(self, at: datetime | None = None) -> bool:
        """Whether it shows something now, or at that time."""
        return self.revoked_at is None and self.expires_at is not None and self.expires_at > (at or timezone.now())

    @property
    def is_waiting(self) -> bool:
        """Whether somebody asked for a check that has not come back."""
        return self.asked_at is not None and (self.looked_at is None or self.looked_at < self.asked_at)
