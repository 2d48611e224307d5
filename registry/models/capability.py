"""Which set of capabilities of a package holds which, and advisories about its versions."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from marketplace.core.ids import uuid7
from registry.models.package import Package
from registry.models.version import Version


class CapabilityContainment(models.Model):
    """Whoever agreed to `outer` agreed to everything in `inner`; every set that a package had holds itself."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    outer = models.CharField(max_length=64)
    inner = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "outer", "inner"], name="registry_containment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.outer[:8]} holds {self.inner[:8]}"


class CapabilityReading(models.Model):
    """What an earlier version of the detectors read in a version: who agreed to it then keeps those bytes.

    Nothing else follows from it: later versions are compared with what was agreed to, not with what is read better now.
    """

    version = models.ForeignKey(Version, models.CASCADE, related_name="readings")
    digest = models.CharField(max_length=64)
    capabilities = models.JSONField(default=list)
    detectors = models.CharField(max_length=32, blank=True)
    replaced_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "digest"], name="registry_reading_once"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} as {self.digest[:8]}"


class Advisory(models.Model):
    """A published warning about versions of a package, and the version that mends them.

    `reference` is the moderation case that it comes from; one that is withdrawn is told to nobody.
    """

    class Severity(models.TextChoices):
        """How bad it is (npm's words)."""

        LOW = "low", "low"
        MODERATE = "moderate", "moderate"
        HIGH = "high", "high"
        CRITICAL = "critical", "critical"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="advisories")
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=8, choices=Severity)
    vulnerable = models.CharField(max_length=2000)
    fixed_in = models.CharField(max_length=128, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    published_at = models.DateTimeField(default=timezone.now)
    reference = models.UUIDField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "advisories"
        constraints = [
            models.UniqueConstraint(
                fields=["package", "reference"],
                condition=models.Q(reference__isnull=False, withdrawn_at__isnull=True),
                name="registry_advisory_once_a_case",
            ),
        ]
        ordering = ["-published_at"]

    def __str__(self) -> str:
        return self.title
