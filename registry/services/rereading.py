"""Better detectors read again what is published; nobody loses what they have, and nobody's yes grows by it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import structlog
from django.db import transaction
from django.db.models import F

from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.services.audit import audit
from marketplace.services.outbox import emit, enqueue
from registry.domain.archives import read_stored
from registry.domain.capabilities import DETECTORS
from registry.domain.events import PackageChanged, VersionReread
from registry.domain.formats import detect
from registry.domain.states import State
from registry.models import CapabilityReading, Package, Version
from registry.services.artifacts import artifact_open
from registry.services.capabilities import capability_facts, containment_write, is_contained
from registry.services.lifecycle import package_lock

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = structlog.get_logger(__name__)
REREAD = "registry.version_reread"
KEPT = (State.PUBLISHED, State.YANKED, State.QUARANTINED, State.HELD)
BATCH = 100


def stale_versions() -> QuerySet[Version]:
    """Versions that other detectors have read, newest first; one in its cooldown is read when that is over."""
    return Version.objects.exclude(detectors=DETECTORS).filter(state__in=KEPT, is_settled=True).order_by("-pk")


def catalogue_reread() -> int:
    """Enqueue the next versions that these detectors have not read; none while new versions wait. Returns how many."""
    if Version.objects.filter(state__in=[State.RECEIVED, State.SCANNING]).exists():
        return 0
    found = list(stale_versions().values_list("pk", flat=True)[:BATCH])
    for pk in found:
        enqueue(REREAD, key=f"reread:{DETECTORS}:{pk}", version_id=pk)
    return len(found)


def version_reread(version_id: int) -> bool:
    """Read one version again and write what is new; returns whether its set changed, False for one not stale."""
    version = stale_versions().select_related("source").filter(pk=version_id).first()
    if version is None:
        return False
    with artifact_open(version.source) as stream:
        content = read_stored(io.BytesIO(stream.read()))
    entry = detect(content).entries[0]
    if entry.content.digest != version.digest:
        raise ValueError("the stored bytes are not those that were received")
    return reading_write(version=version, facts=capability_facts(entry.content, entry.manifest))


@transaction.atomic
def reading_write(*, version: Version, facts: dict[str, Any]) -> bool:
    """Put a new reading in the place of the version's old one; returns whether its set is another.

    The old one is kept: whoever agreed to it keeps these bytes. Documents and the search follow, and who has agreed
    to less than is read now is told.
    """
    package = package_lock(version.package_id)
    before = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    Version.objects.filter(pk=version.pk).update(**facts)
    if facts["capability_digest"] == before.capability_digest:
        return False
    if before.capability_digest:
        CapabilityReading.objects.update_or_create(
            version=before,
            digest=before.capability_digest,
            defaults={"capabilities": before.capabilities, "detectors": before.detectors},
        )
    after = Version.objects.get(pk=version.pk)
    containment_write(package=package, version=after)
    Package.objects.filter(pk=package.pk).update(revision=F("revision") + 1)
    audit(
        Action.VERSION_REREAD,
        by=SYSTEM,
        kind="version",
        subject=before.public_id,
        name=f"{package.full_name}@{before.number}",
        organization_id=before.organization_id,
        data={"before": before.capability_digest, "after": after.capability_digest, "detectors": DETECTORS},
    )
    emit(PackageChanged(package_id=package.pk))
    _tell(package, before, after)
    return True


def _tell(package: Package, before: Version, after: Version) -> None:
    old, new = before.capability_digest, after.capability_digest
    if before.state == State.PUBLISHED and old and not is_contained(package.pk, inner=new, outer=old):
        emit(VersionReread(version_id=before.pk, package_id=package.pk, before=old))
