"""The marketplaces that clients read as one document: an entry a package, and the catalogue of the whole site."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from registry.models import Package, Publisher


class CatalogueEntry(models.Model):
    """What marketplace documents say of a public package, as rendered when it last changed; no row: nothing to offer.

    `listed_at` is when it entered the catalogue of the whole site, which is bounded: once in, it stays while there is a
    row. `needs` are the full names of the packages that it depends on.
    """

    package = models.OneToOneField(Package, models.CASCADE, primary_key=True, related_name="+")
    publisher = models.ForeignKey(Publisher, models.CASCADE, related_name="+")
    name = models.CharField(max_length=128, db_collation="C")
    body = models.TextField()
    size = models.PositiveIntegerField()
    needs = ArrayField(models.CharField(max_length=110), default=list, blank=True)
    listed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "catalogue entries"
        indexes = [
            models.Index(fields=["publisher", "name"], name="installs_entry_publisher"),
            models.Index(fields=["name"], condition=models.Q(listed_at__isnull=False), name="installs_entry_listed"),
        ]

    def __str__(self) -> str:
        return self.name


class SiteDocument(models.Model):
    """A document about the whole site, rebuilt in the background; `etag` is the SHA-256 (hex) of its bytes."""

    name = models.CharField(max_length=40, primary_key=True)
    etag = models.CharField(max_length=64)
    body = models.BinaryField()
    packed = models.BinaryField()
    modified_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return self.name
