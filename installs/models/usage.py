"""Usage: append-only facts partitioned by day, what they add up to, and which version whoever has a package has."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from installs.models.download import today
from registry.models import Package


class UsageFact(models.Model):
    """One thing that somebody did. `who` is a hash with the day's salt, which is thrown away: nobody can be followed.

    The table is made by hand (partitions need the day in their key); there are no foreign keys, since rows outlive
    what they count. Only the system reads it.
    """

    day = models.DateField(default=today)
    at = models.DateTimeField(default=timezone.now)
    kind = models.CharField(max_length=10)
    package_id = models.BigIntegerField(null=True)
    who = models.CharField(max_length=32)
    is_bot = models.BooleanField(default=False)
    query = models.CharField(max_length=80, blank=True)
    rank = models.PositiveSmallIntegerField(null=True)
    found = models.PositiveIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.kind} {self.package_id} {self.day}"


class UsageDay(models.Model):
    """What a package's facts of one day add up to, bots left out; seen by whoever sees the package."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    day = models.DateField()
    impressions = models.PositiveIntegerField(default=0)
    views = models.PositiveIntegerField(default=0)
    clicks = models.PositiveIntegerField(default=0)
    starts = models.PositiveIntegerField(default=0)
    installs = models.PositiveIntegerField(default=0)
    updates = models.PositiveIntegerField(default=0)
    anonymous = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "day"], name="installs_usage_day_once")]

    def __str__(self) -> str:
        return f"{self.package_id} {self.day}"


class Holding(models.Model):
    """Which version an account or a personal address fetched last; `holder` is a keyed hash of it and the package."""

    holder = models.CharField(max_length=32, primary_key=True)
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    version_id = models.BigIntegerField()
    day = models.DateField(default=today)

    class Meta:
        indexes = [models.Index(fields=["day"], name="installs_holding_day")]

    def __str__(self) -> str:
        return f"{self.package_id} {self.version_id}"


class UsagePosition(models.Model):
    """How far the facts that wait in the queue have been written down: written in the facts' own transaction."""

    name = models.CharField(max_length=20, primary_key=True)
    position = models.CharField(max_length=40, default="0-0")

    def __str__(self) -> str:
        return self.position
