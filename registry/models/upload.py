"""Uploads on the publish page: what was dropped and what was detected, before anything is published."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from marketplace.core.ids import uuid7
from registry.models.artifact import Artifact
from registry.models.publisher import Publisher
from registry.models.version import Version


class Import(models.Model):
    """One job of one person: an upload or a repository, its entries, and what became of each."""

    class State(models.TextChoices):
        """How far it is."""

        READING = "reading", "reading"
        READY = "ready", "ready"
        PUBLISHING = "publishing", "publishing"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    publisher = models.ForeignKey(Publisher, models.CASCADE, null=True, blank=True, related_name="+")
    url = models.CharField(max_length=500, blank=True)
    revision = models.CharField(max_length=64, blank=True)
    source = models.ForeignKey(Artifact, models.PROTECT, null=True, blank=True, related_name="+")
    is_private = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State, default=State.READING)
    error_code = models.CharField(max_length=12, blank=True)
    error_params = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.url or str(self.public_id)


class ImportEntry(models.Model):
    """One package found in the import: published, unchanged, or skipped with a code."""

    class State(models.TextChoices):
        """What became of it."""

        FOUND = "found", "found"
        PUBLISHED = "published", "published"
        UNCHANGED = "unchanged", "unchanged"
        SKIPPED = "skipped", "skipped"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    job = models.ForeignKey(Import, models.CASCADE, related_name="entries")
    position = models.PositiveIntegerField()
    name = models.CharField(max_length=64)
    kind = models.CharField(max_length=12, blank=True)
    format = models.CharField(max_length=32, blank=True)
    number = models.CharField(max_length=128, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    source_path = models.CharField(max_length=512, blank=True)
    findings = models.JSONField(default=list)
    capabilities = models.JSONField(default=list)
    content = models.ForeignKey(Artifact, models.PROTECT, null=True, blank=True, related_name="+")
    selected = models.BooleanField(default=True)
    state = models.CharField(max_length=12, choices=State, default=State.FOUND)
    code = models.CharField(max_length=12, blank=True)
    params = models.JSONField(default=dict)
    version = models.ForeignKey(Version, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["job", "position"], name="registry_import_entry_once")]

    def __str__(self) -> str:
        return self.name
