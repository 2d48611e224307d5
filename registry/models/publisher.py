"""Publishers: namespaces."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils import timezone

from marketplace.core.ids import uuid7
from marketplace.models import Organization


class Publisher(models.Model):
    """A namespace (`acme`), owned by one user or one organization.

    `verified_as` is the domain or GitHub organization that was proven to be theirs, until `verified_until`; it is what
    the best of its proofs says (`registry.services.proofs` keeps it so).
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    name = models.CharField(max_length=39, unique=True, db_collation="C")
    display_name = models.CharField(max_length=80, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    homepage = models.URLField(max_length=300, blank=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    verified_as = models.CharField(max_length=120, blank=True)
    verified_by = models.CharField(max_length=8, blank=True)
    verified_at = models.DateTimeField(null=True, blank=True)
    verified_until = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) ^ models.Q(organization__isnull=True),
                name="registry_publisher_owned_by_one",
            ),
        ]
        indexes = [GinIndex(fields=["name"], opclasses=["gin_trgm_ops"], name="registry_publisher_trigram")]

    def __str__(self) -> str:
        return f"@{self.name}"

    @property
    def is_verified(self) -> bool:
        """Whether the evidence of who it is still holds."""
        return self.verified_until is not None and self.verified_until > timezone.now()
