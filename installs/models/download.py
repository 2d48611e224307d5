"""Downloads: append-only rows, one delivery of bytes each, partitioned by day."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from registry.models import Package, Version


def today() -> object:
    """The current UTC date."""
    return timezone.now().date()


class Download(models.Model):
    """One delivery through a channel, written before the first byte. `who` is a keyed hash, never an address.

    The table is made by hand (partitions need the day in their key); there are no foreign keys, since rows outlive
    what they count.
    """

    day = models.DateField(default=today)
    at = models.DateTimeField(default=timezone.now)
    package_id = models.BigIntegerField()
    version_id = models.BigIntegerField()
    channel = models.CharField(max_length=12)
    client = models.CharField(max_length=80, blank=True)
    who = models.CharField(max_length=32)
    is_bot = models.BooleanField(default=False)
    is_first = models.BooleanField(default=True)

    def __str__(self) -> str:
        return f"{self.channel} {self.version_id} {self.day}"


class DownloadDay(models.Model):
    """Distinct downloads of one version on one day by channel; rolled up from `Download`."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    version = models.ForeignKey(Version, models.CASCADE, related_name="+")
    day = models.DateField()
    channel = models.CharField(max_length=12)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "day", "channel"], name="installs_download_day_once"),
        ]
        indexes = [models.Index(fields=["package", "day"], name="installs_download_package_day")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.day}: {self.count}"
