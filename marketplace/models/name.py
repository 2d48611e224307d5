"""The one place that issues names of publishers, organizations and packages."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NameClaim(models.Model):
    """A name, held or once held; never issued again to another holder.

    `scope` is empty for the one space of publishers, and the publisher's normalised name for its packages.
    """

    class Kind(models.TextChoices):
        """What the name names."""

        PUBLISHER = "publisher", _("publisher")
        PACKAGE = "package", _("package")

    scope = models.CharField(max_length=39, blank=True, default="", db_collation="C")
    normalised = models.CharField(max_length=64, db_collation="C")
    kind = models.CharField(max_length=12, choices=Kind)
    name = models.CharField(max_length=64, db_collation="C")
    holder = models.UUIDField(db_index=True)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")
    claimed_at = models.DateTimeField(auto_now_add=True)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "normalised"], name="marketplace_name_issued_once"),
            models.CheckConstraint(
                condition=models.Q(kind="publisher", scope="") | (models.Q(kind="package") & ~models.Q(scope="")),
                name="marketplace_name_scope_fits_kind",
            ),
        ]

    def __str__(self) -> str:
        return f"@{self.scope}/{self.name}" if self.scope else f"@{self.name}"
