"""The shapes of the registry's API."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.urls import reverse
from rest_framework import serializers

from marketplace.core.codes import fix, sentence
from registry.domain.capabilities import levels_of
from registry.models import Import, ImportEntry, Package, Version, VersionFinding

VISIBILITIES = ["public", "private"]


class FindingSerializer(serializers.ModelSerializer[VersionFinding]):
    """A finding with its sentence and remedy."""

    says = serializers.SerializerMethodField()
    fix = serializers.SerializerMethodField()

    class Meta:
        model = VersionFinding
        fields: ClassVar[list[str]] = ["code", "severity", "path", "line", "says", "fix"]

    def _params(self, finding: VersionFinding) -> dict[str, Any]:
        return {"path": finding.path, "line": finding.line or 0, **finding.params}

    def get_says(self, finding: VersionFinding) -> str:
        """What the code means here."""
        return sentence(finding.code, self._params(finding))

    def get_fix(self, finding: VersionFinding) -> str:
        """What to do about it."""
        return fix(finding.code, self._params(finding))


class PackageSerializer(serializers.ModelSerializer[Package]):
    """A package as lists show it."""

    id = serializers.UUIDField(source="public_id")
    publisher = serializers.CharField(source="publisher.name")
    latest = serializers.CharField(source="latest.number", default=None)
    shared = serializers.CharField(source="shared.number", default=None)
    icon = serializers.SerializerMethodField()

    class Meta:
        model = Package
        fields: ClassVar[list[str]] = [
            "id", "full_name", "publisher", "name", "kind", "title", "summary", "licence", "homepage", "repository",
            "keywords", "is_private", "revision", "latest", "shared", "icon", "created_at", "updated_at",
        ]  # fmt: skip

    def get_icon(self, package: Package) -> str | None:
        """The address of its icon, WebP; null without one."""
        if not package.icon:
            return None
        return settings.BASE_URL + reverse("picture", args=[package.publisher.name, package.name, package.icon])


class VersionSerializer(serializers.ModelSerializer[Version]):
    """A version; `state_reason` holds codes or a sentence of whoever decided."""

    id = serializers.UUIDField(source="public_id")
    package = serializers.CharField(source="package.full_name")
    findings = FindingSerializer(many=True)
    components = serializers.JSONField(source="manifest.components")
    levels = serializers.SerializerMethodField()

    class Meta:
        model = Version
        fields: ClassVar[list[str]] = [
            "id", "package", "number", "state", "state_reason", "format", "digest", "file_count", "unpacked_size",
            "deprecated", "signature", "signature_key", "received_at", "published_at", "is_settled", "settles_at",
            "capabilities", "capability_digest", "levels", "autonomy", "is_quiet", "tokens_always", "tokens_on_demand",
            "components", "findings",
        ]  # fmt: skip

    def get_levels(self, version: Version) -> dict[str, str]:
        """How far it reaches in each of the eight families."""
        return levels_of(version.strip)


class UploadSerializer(serializers.Serializer[Any]):
    """The fields beside the file; the file comes last."""

    publisher = serializers.CharField(max_length=39)
    version = serializers.CharField(max_length=128, required=False)
    tag = serializers.CharField(max_length=64, default="latest")
    visibility = serializers.ChoiceField(VISIBILITIES, required=False)
    file = serializers.FileField()


class ImportEntrySerializer(serializers.ModelSerializer[ImportEntry]):
    """One package of an import."""

    id = serializers.UUIDField(source="public_id")
    asks = serializers.SerializerMethodField()

    class Meta:
        model = ImportEntry
        fields: ClassVar[list[str]] = [
            "id", "position", "name", "kind", "format", "number", "summary", "source_path", "state", "selected", "code",
            "params", "findings", "asks",
        ]  # fmt: skip

    def get_asks(self, entry: ImportEntry) -> dict[str, Any] | None:
        """Whom publishing it would ask, as an update of a package of the import's publisher."""
        askings = self.context.get("askings", {}).get(entry.pk)
        return askings[0].as_json() if askings else None


class ImportSerializer(serializers.ModelSerializer[Import]):
    """An import with its entries."""

    id = serializers.UUIDField(source="public_id")
    publisher = serializers.CharField(source="publisher.name", default=None)
    entries = ImportEntrySerializer(many=True)

    class Meta:
        model = Import
        fields: ClassVar[list[str]] = [
            "id", "url", "revision", "publisher", "is_private", "state", "error_code", "error_params", "created_at",
            "entries",
        ]  # fmt: skip


class ImportStartSerializer(serializers.Serializer[Any]):
    """Where to import from, as whom."""

    url = serializers.URLField(max_length=500)
    publisher = serializers.CharField(max_length=39)


class ImportConfirmSerializer(serializers.Serializer[Any]):
    """Which entries to publish."""

    entries = serializers.ListField(child=serializers.UUIDField(), max_length=2000)
    visibility = serializers.ChoiceField(VISIBILITIES, default="public")


class VersionChangeSerializer(serializers.Serializer[Any]):
    """What to do with a version."""

    act = serializers.ChoiceField(["yank", "restore", "deprecate", "unpublish"])
    reason = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class PackageChangeSerializer(serializers.Serializer[Any]):
    """What to change about a package."""

    visibility = serializers.ChoiceField(VISIBILITIES)


class MaintainerSerializer(serializers.Serializer[Any]):
    """One maintainer; addresses are nobody's business."""

    id = serializers.UUIDField(source="user.public_id")
    name = serializers.CharField(source="user.display_name")
    added_at = serializers.DateTimeField()


class MaintainerAddSerializer(serializers.Serializer[Any]):
    """Whom to add."""

    email = serializers.EmailField(max_length=254)


class TagSerializer(serializers.Serializer[Any]):
    """One tag and the version that it names."""

    tag = serializers.CharField(source="name", read_only=True)
    version = serializers.CharField(source="version.number", max_length=128)
