"""Collections: packages that somebody chose, in an order, each with a word on why."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7
from marketplace.models import Organization
from registry.domain.collections import Shown
from registry.models.package import Package

STATES = [(state.value, state.value) for state in Shown]


class Collection(models.Model):
    """A list of packages: the editors' (no owner), one person's or an organization's; `slug` stays, clients keep it.

    One that moderation hides is still seen by its owner; a deleted one is empty, and kept for the cases about it.
    """

    class Visibility(models.TextChoices):
        """Who finds it, as on screen."""

        PUBLIC = "public", _("Public: everybody finds it")
        UNLISTED = "unlisted", _("Unlisted: whoever has its address")
        PRIVATE = "private", _("Private: you alone, or the members of the organization that owns it")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    slug = models.CharField(max_length=64, unique=True, db_collation="C", editable=False)
    title = models.CharField(_("title"), max_length=80)
    description = models.TextField(_("description"), max_length=1000, blank=True)
    visibility = models.CharField(max_length=8, choices=Visibility, default=Visibility.PUBLIC)
    is_editorial = models.BooleanField(default=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    organization = models.ForeignKey(Organization, models.SET_NULL, null=True, blank=True, related_name="+")
    revision = models.PositiveBigIntegerField(default=1)
    state = models.CharField(max_length=8, choices=STATES, default=Shown.SHOWN)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_editorial=False) | models.Q(owner__isnull=True, organization__isnull=True),
                name="registry_collection_editors_have_no_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(owner__isnull=True) | models.Q(organization__isnull=True),
                name="registry_collection_one_owner",
            ),
            models.CheckConstraint(
                condition=models.Q(visibility__in=["public", "unlisted", "private"]),
                name="registry_collection_visibility_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in Shown]), name="registry_collection_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "title"], name="registry_collection_owner"),
            models.Index(fields=["organization", "title"], name="registry_collection_team"),
            models.Index(
                fields=["-is_editorial", "-updated_at", "-id"],
                condition=models.Q(visibility="public", state="shown"),
                name="registry_collection_listed",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def holder(self) -> str:
        """Whose it is, as on screen; empty for the editors'."""
        return str(self.organization or self.owner or "")


class CollectionEntry(models.Model):
    """One package of a collection, at its place."""

    collection = models.ForeignKey(Collection, models.CASCADE, related_name="entries")
    package = models.ForeignKey(Package, models.CASCADE, related_name="+")
    position = models.PositiveSmallIntegerField()
    note = models.CharField(_("note"), max_length=300, blank=True)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name_plural = "collection entries"
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["collection", "package"], name="registry_collection_entry_once"),
            models.UniqueConstraint(
                fields=["collection", "position"],
                deferrable=models.Deferrable.DEFERRED,
                name="registry_collection_place_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.package_id}"
