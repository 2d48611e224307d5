"""Stored bytes, addressed by what they are."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Artifact(models.Model):
    """Bytes under their SHA-256; a version may refer to it only when it is `ready`."""

    class State(models.TextChoices):
        """Whether the bytes are there."""

        UPLOADING = "uploading", _("uploading")
        READY = "ready", _("ready")
        DOOMED = "doomed", _("doomed")

    sha256 = models.CharField(max_length=64, unique=True, db_collation="C")
    sha512 = models.CharField(max_length=128, blank=True)
    sha1 = models.CharField(max_length=40, blank=True)
    size = models.PositiveBigIntegerField(default=0)
    media_type = models.CharField(max_length=80, default="application/octet-stream")
    state = models.CharField(max_length=12, choices=State, default=State.UPLOADING)
    created_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["uploading", "ready", "doomed"]), name="registry_artifact_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ready") | ~models.Q(sha512=""), name="registry_artifact_ready_is_hashed"
            ),
        ]

    def __str__(self) -> str:
        return self.sha256
