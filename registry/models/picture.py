"""Pictures of a listing: one icon, and screenshots in an order."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7
from registry.models.artifact import Artifact
from registry.models.package import Package


class Picture(models.Model):
    """One picture; `alt` says what it shows to whoever does not see it, an icon's is empty."""

    class Kind(models.TextChoices):
        """What it is on the page."""

        ICON = "icon", _("Icon")
        SCREENSHOT = "screenshot", _("Screenshot")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="pictures")
    kind = models.CharField(max_length=10, choices=Kind)
    artifact = models.ForeignKey(Artifact, models.PROTECT, related_name="+")
    alt = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="icon", alt="") | (models.Q(kind="screenshot") & ~models.Q(alt="")),
                name="registry_picture_screenshots_are_described",
            ),
            models.UniqueConstraint(
                fields=["package"], condition=models.Q(kind="icon"), name="registry_picture_one_icon"
            ),
            models.UniqueConstraint(
                fields=["package", "kind", "position"],
                deferrable=models.Deferrable.DEFERRED,
                name="registry_picture_place_once",
            ),
        ]

    def __str__(self) -> str:
        return self.alt or self.kind
