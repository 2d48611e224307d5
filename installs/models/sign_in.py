"""Clients that wait for a person: to sign in, or to confirm with a second factor."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7
from marketplace.domain.viewer import Scope


class ClientRequest(models.Model):
    """One command line that waits; its two keys (page and poll) are kept as SHA-256 (hex) only.

    A confirmation is for `user` and for one `purpose`; who signs in is known when they approve.
    """

    class Kind(models.TextChoices):
        """What is asked."""

        SIGN_IN = "sign_in", _("sign in")
        CONFIRM = "confirm", _("confirm")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    kind = models.CharField(max_length=8, choices=Kind)
    page_digest = models.CharField(max_length=64, unique=True, editable=False)
    poll_digest = models.CharField(max_length=64, unique=True, editable=False)
    code_digest = models.CharField(max_length=64, blank=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    purpose = models.CharField(max_length=200, blank=True)
    client = models.CharField(max_length=160, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    scope = models.CharField(max_length=12, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True, blank=True)
    refused_at = models.DateTimeField(null=True, blank=True)
    collected_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="installs_client_request_ends")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="sign_in") | (models.Q(user__isnull=False) & ~models.Q(purpose="")),
                name="installs_client_request_confirms_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_at__isnull=True)
                | (models.Q(user__isnull=False) & models.Q(refused_at__isnull=True)),
                name="installs_client_request_approved_by_one",
            ),
            models.CheckConstraint(
                condition=models.Q(scope__in=["", *(scope.value for scope in Scope)]),
                name="installs_client_request_scope_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.public_id}"


class ClientSettings(models.Model):
    """What a person wants of command lines that use their tokens."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="+")
    confirms_writes = models.BooleanField(default=False)

    class Meta:
        verbose_name_plural = "client settings"

    def __str__(self) -> str:
        return str(self.user_id)
