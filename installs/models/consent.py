"""What somebody said to a set of capabilities that a package of their library asked for."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from installs.models.library import Install
from registry.models import Version


class Consent(models.Model):
    """One answer an install and set: accepted sets are offered, a skipped one is not asked again.

    `version` is the one in hand when the answer was given; an accepted version is offered even during its cooldown.
    """

    class Act(models.TextChoices):
        """The answer."""

        ACCEPT = "accept", "accept"
        SKIP = "skip", "skip"
        STAY = "stay", "stay"

    install = models.ForeignKey(Install, models.CASCADE, related_name="consents")
    digest = models.CharField(max_length=64)
    version = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")
    act = models.CharField(max_length=6, choices=Act)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["install", "digest"], name="installs_consent_once_a_set"),
            models.CheckConstraint(
                condition=models.Q(act__in=["accept", "skip", "stay"]), name="installs_consent_act_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.digest[:8]}"
