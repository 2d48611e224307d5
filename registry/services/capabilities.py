"""What a version can do is written on it; which sets hold which, beside it; when shared addresses serve it."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from registry.domain.capabilities import DETECTORS, CapabilitySet, gather, parts_of
from registry.domain.events import VersionChanged
from registry.domain.states import State
from registry.models import Advisory, CapabilityContainment, CapabilityReading, Version
from registry.services.lifecycle import latest_settle, package_lock

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from registry.domain.content import Content
    from registry.domain.manifest import Manifest
    from registry.models import Package


def capability_facts(content: Content, manifest: Manifest) -> dict[str, Any]:
    """The columns of a version that say what its content can do and what it costs of a model's context."""
    found = gather(content, manifest)
    parts = parts_of(manifest, content)
    return {
        "capabilities": found.as_json(),
        "capability_digest": found.digest,
        "detectors": DETECTORS,
        "strip": found.strip,
        "autonomy": found.autonomy.word if len(found) else "",
        "is_quiet": found.is_quiet,
        "context_parts": [part.as_json() for part in parts],
        "tokens_always": sum(part.always for part in parts),
        "tokens_on_demand": sum(part.on_demand for part in parts),
    }


@transaction.atomic
def containment_write(*, package: Package, version: Version) -> None:
    """Note which of the package's sets hold the version's set, and which it holds; nothing for a set that is known.

    The caller has locked the package.
    """
    digest = version.capability_digest
    if not digest or CapabilityContainment.objects.filter(package=package, outer=digest, inner=digest).exists():
        return
    mine = CapabilitySet.of_json(version.capabilities)
    pairs = {(digest, digest)}
    for other, theirs in known_sets(package, but=digest).items():
        pairs |= {(digest, other)} if mine.contains(theirs) else set()
        pairs |= {(other, digest)} if theirs.contains(mine) else set()
    CapabilityContainment.objects.bulk_create(
        (CapabilityContainment(package=package, outer=outer, inner=inner) for outer, inner in sorted(pairs)),
        ignore_conflicts=True,
    )


def known_sets(package: Package, *, but: str = "") -> dict[str, CapabilitySet]:
    """Every set that was ever read in a version of the package, by digest, without the one of the digest `but`."""
    found = known_sets_of([package.pk]).get(package.pk, {})
    return {digest: known for digest, known in found.items() if digest != but}


def known_sets_of(packages: Collection[int]) -> dict[int, dict[str, CapabilitySet]]:
    """The same of several packages, by key and digest, in two queries."""
    versions = Version.objects.filter(package_id__in=packages).exclude(capability_digest="")
    rows = versions.order_by("package_id", "capability_digest", "pk").distinct("package_id", "capability_digest")
    readings = CapabilityReading.objects.filter(version__package_id__in=packages)
    earlier = readings.order_by("version__package_id", "digest", "pk").distinct("version__package_id", "digest")
    found: dict[int, dict[str, CapabilitySet]] = defaultdict(dict)
    for package_id, digest, capabilities in (
        *earlier.values_list("version__package_id", "digest", "capabilities"),
        *rows.values_list("package_id", "capability_digest", "capabilities"),
    ):
        found[package_id][digest] = CapabilitySet.of_json(capabilities)
    return found


def is_contained(package_id: int, *, inner: str, outer: str) -> bool:
    """Whether the set `outer` holds everything in `inner`."""
    return CapabilityContainment.objects.filter(package_id=package_id, inner=inner, outer=outer).exists()


def settling(package: Package, version: Version, published_at: datetime) -> dict[str, Any]:
    """When shared addresses serve the version: `is_settled` and `settles_at`.

    At once: a package's first version, the same content again, a version that asks for nothing more and is of low
    reach, and the fix of a published advisory. All else waits for COOLDOWN_HOURS.
    """
    ends = published_at + timedelta(hours=settings.COOLDOWN_HOURS)
    before = served_before(package, version)
    at_once = (
        before is None
        or before.digest == version.digest
        or mends(package, version.number)
        or (
            version.is_quiet
            and is_contained(package.pk, inner=version.capability_digest, outer=before.capability_digest)
        )
    )
    is_settled = at_once or ends <= timezone.now()
    return {"is_settled": is_settled, "settles_at": None if at_once else ends}


def mends(package: Package, number: str) -> bool:
    """Whether a published advisory names the version as its fix."""
    return (package.pk, number) in mended_by([package.pk])


def mended_by(packages: Collection[int]) -> frozenset[tuple[int, str]]:
    """Package and number of every version that a published advisory names as its fix."""
    told = Advisory.objects.filter(package_id__in=packages, withdrawn_at=None)
    return frozenset(told.values_list("package_id", "fixed_in"))


def served_before(package: Package, version: Version) -> Version | None:
    """The version that shared addresses serve while `version` is not yet settled."""
    settled = package.versions.filter(state=State.PUBLISHED, is_settled=True).exclude(pk=version.pk)
    return settled.order_by("is_prerelease", "-sort_key").first()


@transaction.atomic
def version_settle(*, version: Version) -> None:
    """Let shared addresses serve the version from now on; one that is settled stays so."""
    package = package_lock(version.package_id)
    changed = Version.objects.filter(pk=version.pk, is_settled=False).update(is_settled=True)
    if changed:
        latest_settle(package)
        audit(
            Action.VERSION_SETTLE,
            by=SYSTEM,
            kind="version",
            subject=version.public_id,
            name=f"{package.full_name}@{version.number}",
            organization_id=package.organization_id,
        )
        emit(VersionChanged(version_id=version.pk, package_id=package.pk, state=version.state))


def versions_settle() -> int:
    """Settle every version whose cooldown is over; returns how many."""
    due = Version.objects.filter(is_settled=False, settles_at__lte=timezone.now()).order_by("settles_at")[:500]
    versions = list(due)
    for version in versions:
        version_settle(version=version)
    return len(versions)
