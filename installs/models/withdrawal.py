"""Versions of MCP servers that everybody could find once and that nobody in particular may know now."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from registry.models import Package


class Withdrawal(models.Model):
    """What mirrors of the MCP registry are told of a version whose package went private: its name and that it is gone.

    Copied when it went, since its rows show to its owners only from then on.
    """

    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    publisher = models.CharField(max_length=39, db_collation="C")
    name = models.CharField(max_length=64, db_collation="C")
    full_name = models.CharField(max_length=110, db_collation="C")
    number = models.CharField(max_length=128)
    sort_key = models.CharField(max_length=512, db_collation="C")
    is_latest = models.BooleanField(default=False)
    published_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["full_name", "sort_key"], name="installs_withdrawal_once"),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}@{self.number}"
