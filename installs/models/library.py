"""Libraries: what somebody has chosen, and the address under which clients read it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from marketplace.core.ids import uuid7
from marketplace.models import Organization
from registry.models import Package, Version


class Library(models.Model):
    """The standing choices of one user, one organization, or one visitor who has not signed in yet."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    organization = models.OneToOneField(Organization, models.CASCADE, null=True, blank=True, related_name="+")
    revision = models.PositiveBigIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "libraries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=True) | models.Q(organization__isnull=True),
                name="installs_library_of_one",
            ),
        ]

    def __str__(self) -> str:
        return str(self.public_id)


class Install(models.Model):
    """One package in a library; it survives version changes. A pin keeps one version."""

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, models.CASCADE, related_name="installs")
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    pinned = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["library", "package"], name="installs_install_once")]

    def __str__(self) -> str:
        return f"{self.library_id}: {self.package_id}"


class PersonalAddress(models.Model):
    """An unguessable key under which clients read a library; only its SHA-256 (hex) is kept, and its first characters.

    A visitor's address stays valid as an alias after it was claimed; a revoked one answers 404.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    library = models.ForeignKey(Library, models.CASCADE, related_name="addresses")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    sealed = models.BinaryField(editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "personal addresses"

    def __str__(self) -> str:
        return str(self.public_id)
