"""A package's content becomes a version that waits for its checks (ARCHITECTURE, walk 1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import F

from marketplace.core.errors import Conflict, Invalid
from marketplace.core.ids import uuid7
from marketplace.domain.audit import Action
from marketplace.models import NameClaim
from marketplace.services.audit import audit
from marketplace.services.names import name_claim
from marketplace.services.outbox import emit
from registry.domain import names
from registry.domain.archives import Limits
from registry.domain.events import VersionReceived
from registry.domain.findings import Finding
from registry.domain.semver import SemVer, VersionInvalid
from registry.domain.states import State
from registry.models import Package, PackageMaintainer, Version, VersionFinding
from registry.services.access import ensure_can_publish
from registry.services.artifacts import artifact_store_packed
from registry.services.capabilities import capability_facts, containment_write

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.domain.content import Content
    from registry.domain.formats import Entry
    from registry.models import Artifact, Publisher

FIRST = "1.0.0"


@dataclass(frozen=True, slots=True)
class Received:
    """What became of an upload: its version, and whether it is new (False: the same content was there already)."""

    version: Version
    created: bool


@dataclass(frozen=True, slots=True)
class Release:
    """What the publisher says beside the files: number (None: from the files), tag, visibility (None: as before).

    With `keeps_visibility` (imports), `is_private` is for new packages only.
    """

    number: str | None = None
    tag: str = "latest"
    is_private: bool | None = None
    name: str | None = None
    npm_manifest: dict[str, Any] | None = None
    exact: bool = False
    keeps_visibility: bool = False


def version_receive(
    *, publisher: Publisher, entry: Entry, release: Release, by: Viewer, source: Artifact | None = None
) -> Received:
    """Take `entry` in as a new version of its package in state `received`; the same content again changes nothing.

    `source` are the bytes as they came when they must stay so (npm); all else is packed deterministically.
    `release.exact` (npm) never renumbers. Raises Invalid MP3033 (with the findings), MP15xx and MP16xx, NotAllowed
    MP3010 to MP3015, Conflict MP3012, MP3013, MP3026, MP4101.
    """
    name = _name_of(entry, release)
    ensure_can_publish(
        by=by, publisher=publisher, package=_package_of(publisher, name), full_name=f"@{publisher.name}/{name}"
    )
    if errors := [finding for finding in entry.findings if finding.severity == "error"]:
        raise Invalid("MP3033", {"findings": [finding.code for finding in errors]})
    _ensure_fits(entry.content)
    stored = source or artifact_store_packed(entry.content)
    return _write(publisher=publisher, name=name, entry=entry, release=release, by=by, source=stored)


@transaction.atomic
def _write(
    *, publisher: Publisher, name: str, entry: Entry, release: Release, by: Viewer, source: Artifact
) -> Received:
    package = _package_lock(publisher, name, entry, release, by)
    if release.is_private not in {None, package.is_private} and not release.keeps_visibility:
        state = "private" if package.is_private else "public"
        raise Conflict("MP3027", {"name": package.full_name, "state": state})
    if package.kind != entry.kind and package.versions.exists():
        raise Conflict("MP3013", {"name": package.full_name, "before": package.kind, "after": entry.kind})
    numbered = _numbered(package, entry, release)
    if isinstance(numbered, Version):
        return Received(numbered, created=False)
    number, findings = numbered
    version = _version_create(package, entry, release, by=by, source=source, number=number)
    containment_write(package=package, version=version)
    VersionFinding.objects.bulk_create(_finding_row(version, finding) for finding in (*entry.findings, *findings))
    Package.objects.filter(pk=package.pk).update(revision=F("revision") + 1)
    audit(
        Action.VERSION_RECEIVE,
        by=by,
        kind="version",
        subject=version.public_id,
        name=f"{package.full_name}@{number}",
        organization_id=publisher.organization_id,
        data={"digest": version.digest, "format": entry.format},
    )
    emit(VersionReceived(version_id=version.pk, package_id=package.pk))
    return Received(version, created=True)


def _ensure_fits(content: Content) -> None:
    """What is read back later has the limits of an archive, wherever it came from."""
    limits = Limits()
    if len(content) > limits.files:
        raise Invalid("MP1103", {"limit": limits.files})
    if content.size > limits.unpacked:
        raise Invalid("MP1102", {"limit": limits.unpacked})
    for path, file in content.items():
        if len(file.data) > limits.file:
            raise Invalid("MP1104", {"path": path, "limit": limits.file})


def _name_of(entry: Entry, release: Release) -> str:
    name = release.name or entry.name
    if settings.TEST_TENANT:
        return name
    try:
        names.check_package_name(name)
    except names.NameRefused as refusal:
        raise Invalid(refusal.code, refusal.params) from refusal
    return name


def _package_of(publisher: Publisher, name: str) -> Package | None:
    return Package.objects.select_related("publisher").filter(publisher=publisher, name=name).first()


def _package_lock(publisher: Publisher, name: str, entry: Entry, release: Release, by: Viewer) -> Package:
    """The package's row, locked; made when this is its first version."""
    mine = Package.objects.select_for_update(of=("self",)).filter(publisher=publisher, name=name)
    package = mine.first()
    if package is None:
        try:
            with transaction.atomic():
                _package_create(publisher, name, entry, by, is_private=bool(release.is_private))
        except Conflict:
            if not mine.exists():
                raise
        package = mine.get()
    return package


def _package_create(publisher: Publisher, name: str, entry: Entry, by: Viewer, *, is_private: bool) -> None:
    holder = uuid7()
    claim = name_claim(
        name=name,
        normalised=names.normalised(name),
        kind=NameClaim.Kind.PACKAGE,
        holder=holder,
        scope=names.normalised(publisher.name),
    )
    package = Package.objects.create(
        public_id=claim.holder,
        publisher=publisher,
        name=name,
        full_name=f"@{publisher.name}/{name}",
        kind=entry.kind,
        summary=entry.manifest.summary[:300],
        is_private=is_private,
        organization_id=publisher.organization_id if is_private else None,
        owner_id=publisher.user_id if is_private else None,
    )
    if by.user_id is not None:
        PackageMaintainer.objects.create(package=package, user_id=by.user_id)
    audit(
        Action.PACKAGE_CREATE,
        by=by,
        kind="package",
        subject=package.public_id,
        name=package.full_name,
        organization_id=publisher.organization_id,
        data={"kind": entry.kind, "private": is_private},
    )


def _numbered(package: Package, entry: Entry, release: Release) -> Version | tuple[str, list[Finding]]:
    """The number that the version gets, or the version that has this content already."""
    wanted = release.number or entry.version
    digest = entry.content.digest
    if wanted is None and not release.exact:
        newest = package.versions.order_by("-sort_key").first()
        if newest is not None and newest.digest == digest and newest.state != State.UNPUBLISHED:
            return newest
        number = str(SemVer.parse(newest.number).next_patch()) if newest else FIRST
        return number, [Finding("MP3032", "info", params={"number": number})]
    try:
        number = str(SemVer.parse(wanted or ""))
    except VersionInvalid as invalid:
        raise Invalid(invalid.code, invalid.params) from invalid
    same = package.versions.filter(sort_key=SemVer.parse(number).sortable).first()
    if same is None:
        return number, []
    if same.state == State.UNPUBLISHED:
        raise Conflict("MP3026", {"number": number})
    if same.digest == digest and not release.exact:
        return same
    raise Conflict("MP3012", {"name": package.full_name, "number": same.number, "digest": same.digest})


def _version_create(
    package: Package, entry: Entry, release: Release, *, by: Viewer, source: Artifact, number: str
) -> Version:
    semver = SemVer.parse(number)
    return Version.objects.create(
        package=package,
        number=number,
        sort_key=semver.sortable,
        is_prerelease=semver.is_prerelease,
        format=entry.format,
        manifest=entry.manifest.as_json(),
        npm_manifest=release.npm_manifest,
        tag=release.tag,
        digest=entry.content.digest,
        source=source,
        file_count=len(entry.content),
        unpacked_size=entry.content.size,
        is_private=package.is_private,
        organization_id=package.organization_id,
        owner_id=package.owner_id,
        published_by_id=by.user_id,
        published_by_name=by.name,
        **capability_facts(entry.content, entry.manifest),
    )


def _finding_row(version: Version, finding: Finding) -> VersionFinding:
    return VersionFinding(
        version=version,
        code=finding.code,
        severity=finding.severity,
        path=finding.path[:512],
        line=finding.line,
        params=dict(finding.params),
    )
