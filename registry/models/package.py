"""Packages: listings."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.ids import uuid7
from marketplace.models import Organization
from registry.models.publisher import Publisher


class Package(models.Model):
    """What is listed; `revision` is raised by every write and is npm's `_rev` and the API's `If-Match`.

    `pictures` are its icon and screenshots, `icon` is the digest of the icon's bytes: what lists show. A private
    package has either `organization` or `owner` (both null when public): row-level security reads them.
    """

    class Kind(models.TextChoices):
        """The kinds of package, as on screen."""

        PLUGIN = "plugin", _("Plugin")
        AGENT = "agent", _("Agent")
        SKILL = "skill", _("Skill")
        COMMAND = "command", _("Command")
        MCP_SERVER = "mcp_server", _("MCP server")

    class Category(models.TextChoices):
        """What packages are for, as on screen."""

        TESTING = "testing", _("Testing")
        REVIEW = "review", _("Review")
        GIT = "git", _("Git")
        WRITING = "writing", _("Writing")
        DATABASES = "databases", _("Databases")
        FRONTEND = "frontend", _("Frontend")
        INFRASTRUCTURE = "infrastructure", _("Infrastructure")
        SECURITY = "security", _("Security")
        DATA = "data", _("Data")
        PLANNING = "planning", _("Planning")
        LEARNING = "learning", _("Learning")
        BUSINESS = "business", _("Business")

    public_id = models.UUIDField(default=uuid7, unique=True, editable=False)
    publisher = models.ForeignKey(Publisher, models.PROTECT, related_name="packages")
    name = models.CharField(max_length=64, db_collation="C")
    full_name = models.CharField(max_length=110, unique=True, db_collation="C", editable=False)
    kind = models.CharField(max_length=12, choices=Kind)
    title = models.CharField(max_length=120, blank=True)
    summary = models.CharField(max_length=300, blank=True)
    licence = models.CharField(max_length=80, blank=True)
    homepage = models.URLField(max_length=300, blank=True)
    repository = models.URLField(max_length=300, blank=True)
    keywords = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    category = models.CharField(_("category"), max_length=20, choices=Category, blank=True)
    tags = ArrayField(models.CharField(max_length=50), default=list, blank=True)
    support_url = models.URLField(_("support"), max_length=300, blank=True)
    security_contact = models.CharField(_("security contact"), max_length=254, blank=True)
    tested_clients = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    icon = models.CharField(max_length=64, blank=True, db_collation="C", editable=False)
    is_private = models.BooleanField(default=False)
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    revision = models.PositiveBigIntegerField(default=1)
    latest = models.ForeignKey("registry.Version", models.SET_NULL, null=True, blank=True, related_name="+")
    shared = models.ForeignKey("registry.Version", models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["publisher", "name"], name="registry_package_once_a_publisher"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["plugin", "agent", "skill", "command", "mcp_server"]),
                name="registry_package_kind_known",
            ),
            models.CheckConstraint(
                condition=models.Q(icon="") | models.Q(icon__regex="^[0-9a-f]{64}$"),
                name="registry_package_icon_digest",
            ),
            models.CheckConstraint(
                condition=models.Q(is_private=False, organization__isnull=True, owner__isnull=True)
                | (models.Q(is_private=True) & (models.Q(organization__isnull=True) ^ models.Q(owner__isnull=True))),
                name="registry_package_private_to_one_tenant",
            ),
        ]
        indexes = [
            models.Index(fields=["-updated_at", "-id"], name="registry_package_updated"),
            models.Index(fields=["-created_at", "-id"], name="registry_package_newest"),
        ]

    def __str__(self) -> str:
        return self.full_name


class PackageMaintainer(models.Model):
    """A person who may publish the package; an organization's publishers need none."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="maintainers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "user"], name="registry_maintainer_once")]

    def __str__(self) -> str:
        return f"{self.user_id} maintains {self.package_id}"


class DistTag(models.Model):
    """A name that points to a version, such as `latest` or `beta`."""

    package = models.ForeignKey(Package, models.CASCADE, related_name="dist_tags")
    name = models.CharField(max_length=64, db_collation="C")
    version = models.ForeignKey("registry.Version", models.CASCADE, related_name="dist_tags")
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["package", "name"], name="registry_tag_once_a_package")]

    def __str__(self) -> str:
        return f"{self.name} → {self.version_id}"
