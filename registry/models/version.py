"""Versions: immutable releases and what stands in them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from marketplace.core.ids import uuid7
from marketplace.models import Organization
from registry.domain.states import State
from registry.models.artifact import Artifact
from registry.models.package import Package

STATES = [(state.value, state.value) for state in State]


class Version(models.Model):
    """One semver release. `sort_key` orders versions under collation C as semver does; `digest` is the content's.

    `capabilities` are what it can do, read by `detectors`; `capability_digest` names that set, `strip` shows it,
    `is_quiet` says that it is of low reach. Shared addresses serve it once it is settled; `settles_at` is when the
    cooldown ends.
    """

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    package = models.ForeignKey(Package, models.CASCADE, related_name="versions")
    number = models.CharField(max_length=128, db_collation="C")
    sort_key = models.CharField(max_length=512, db_collation="C", editable=False)
    is_prerelease = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=STATES, default=State.RECEIVED)
    state_reason = models.CharField(max_length=300, blank=True)
    format = models.CharField(max_length=32)
    manifest = models.JSONField(default=dict)
    npm_manifest = models.JSONField(null=True, blank=True)
    tag = models.CharField(max_length=64, default="latest")
    digest = models.CharField(max_length=64, db_index=True)
    source = models.ForeignKey(Artifact, models.PROTECT, related_name="+")
    file_count = models.PositiveIntegerField(default=0)
    unpacked_size = models.PositiveBigIntegerField(default=0)
    readme_html = models.TextField(blank=True)
    capabilities = models.JSONField(default=list)
    capability_digest = models.CharField(max_length=64, blank=True)
    detectors = models.CharField(max_length=32, blank=True, editable=False)
    strip = models.CharField(max_length=8, blank=True)
    autonomy = models.CharField(max_length=12, blank=True)
    is_quiet = models.BooleanField(default=False)
    context_parts = models.JSONField(default=list)
    tokens_always = models.PositiveIntegerField(default=0)
    tokens_on_demand = models.PositiveIntegerField(default=0)
    settles_at = models.DateTimeField(null=True, blank=True)
    is_settled = models.BooleanField(default=True)
    deprecated = models.CharField(max_length=500, blank=True)
    signature = models.CharField(max_length=200, blank=True)
    signature_key = models.CharField(max_length=80, blank=True)
    is_private = models.BooleanField(default=False)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    published_by_name = models.CharField(max_length=254, blank=True)
    scan_attempts = models.PositiveSmallIntegerField(default=0)
    scan_started_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(default=timezone.now)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-sort_key"]
        constraints = [
            models.UniqueConstraint(fields=["package", "number"], name="registry_version_number_once"),
            models.UniqueConstraint(fields=["package", "sort_key"], name="registry_version_precedence_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in State]), name="registry_version_state_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="published")
                | (models.Q(published_at__isnull=False) & ~models.Q(signature="")),
                name="registry_version_published_is_signed",
            ),
            models.CheckConstraint(
                condition=models.Q(is_settled=True) | models.Q(settles_at__isnull=False),
                name="registry_version_unsettled_has_an_end",
            ),
        ]
        indexes = [
            models.Index(fields=["package", "-sort_key"], name="registry_version_order"),
            models.Index(fields=["package", "capability_digest", "-sort_key"], name="registry_version_offered"),
            models.Index(
                fields=["settles_at"], condition=models.Q(is_settled=False), name="registry_version_unsettled"
            ),
            models.Index(
                fields=["received_at"],
                condition=models.Q(state__in=["received", "scanning"]),
                name="registry_version_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.package_id}@{self.number}"


class VersionFile(models.Model):
    """One file of a version's content: for the file tree and the viewer."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="files")
    path = models.CharField(max_length=512, db_collation="C")
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    executable = models.BooleanField(default=False)
    is_text = models.BooleanField(default=False)

    class Meta:
        ordering = ["path"]
        constraints = [models.UniqueConstraint(fields=["version", "path"], name="registry_file_once")]

    def __str__(self) -> str:
        return self.path


class VersionArtifact(models.Model):
    """A derived or original file of bytes that a channel hands out for a version."""

    class Role(models.TextChoices):
        """What the bytes are for."""

        NPM = "npm", "npm tarball"
        PLUGIN = "plugin", "plugin zip"
        SKILL = "skill", "skill zip"
        CONTENT = "content", "content zip"
        MCPB = "mcpb", "MCP bundle"

    version = models.ForeignKey(Version, models.CASCADE, related_name="artifacts")
    role = models.CharField(max_length=12, choices=Role)
    name = models.CharField(max_length=220)
    artifact = models.ForeignKey(Artifact, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "role", "name"], name="registry_version_artifact_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Scan(models.Model):
    """One run of the checks; `error` never publishes."""

    class Verdict(models.TextChoices):
        """What the checks say; not what happens to the version."""

        PASS = "pass", "pass"
        HOLD = "hold", "hold"
        BLOCK = "block", "block"
        ERROR = "error", "error"

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    version = models.ForeignKey(Version, models.CASCADE, related_name="scans")
    verdict = models.CharField(max_length=8, choices=Verdict)
    risk = models.CharField(max_length=6, blank=True)
    checks = models.JSONField(default=dict)
    rules = models.CharField(max_length=32)
    seconds = models.FloatField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"{self.verdict} by {self.rules}"


class VersionFinding(models.Model):
    """One hit: from parsing the formats, or from a scan."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="findings")
    scan = models.ForeignKey(Scan, models.CASCADE, null=True, blank=True, related_name="findings")
    code = models.CharField(max_length=12)
    severity = models.CharField(max_length=8)
    path = models.CharField(max_length=512, blank=True)
    line = models.PositiveIntegerField(null=True, blank=True)
    params = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.code} {self.path}"
