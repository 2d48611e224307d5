"""What each install is offered and what it is asked: from the sets that were accepted (ARCHITECTURE, walk 3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from installs.models import Consent, Install
from marketplace.domain.roles import Role
from registry.domain.states import State
from registry.models import CapabilityContainment, CapabilityReading, Version
from registry.selectors.packages import is_maintainer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

DECIDING = (Role.OWNER, Role.ADMIN)
"""Who in an organization is asked for its library."""
FLOWING = Q(is_quiet=True) | Q(is_settled=True)


@dataclass(frozen=True, slots=True)
class Allowed:
    """Keys of the versions that somebody may have (None: all); `is_shared`: the same as everybody who is not known."""

    keys: frozenset[int] | None
    is_shared: bool


def accepted_versions(install: Install) -> QuerySet[Version]:
    """The published versions that an install has agreed to, best first: within an accepted set, and flowing.

    A version flows when its package is of low reach, when its cooldown is over, or when it was accepted itself.
    """
    mine = Consent.objects.filter(install=install, act=Consent.Act.ACCEPT)
    sets = CapabilityContainment.objects.filter(package_id=install.package_id, outer__in=mine.values("digest"))
    flowing = FLOWING | Q(pk__in=mine.values("version_id"))
    versions = Version.objects.filter(flowing, package_id=install.package_id, state=State.PUBLISHED)
    read_so = CapabilityReading.objects.filter(version=OuterRef("pk"), digest__in=sets.values("inner"))
    held = Q(capability_digest__in=sets.values("inner")) | Exists(read_so)
    return versions.filter(held).order_by("is_prerelease", "-sort_key")


def digests_of(version: Version) -> list[str]:
    """The sets under which a version could be agreed to: the one that is read now, and those that were read before."""
    return [version.capability_digest, *version.readings.values_list("digest", flat=True)]


def offered_version() -> Subquery:
    """The key of the version that an install is offered when nothing is pinned, for annotations of installs."""
    accepted = Consent.objects.filter(install=OuterRef(OuterRef("pk")), act=Consent.Act.ACCEPT)
    read_so = CapabilityReading.objects.filter(version=OuterRef(OuterRef("pk")), digest=OuterRef("inner"))
    holding = CapabilityContainment.objects.filter(
        Q(inner=OuterRef("capability_digest")) | Exists(read_so),
        package=OuterRef("package_id"),
        outer__in=Consent.objects.filter(install=OuterRef(OuterRef(OuterRef("pk"))), act=Consent.Act.ACCEPT).values(
            "digest"
        ),
    )
    versions = Version.objects.filter(
        FLOWING | Exists(accepted.filter(version=OuterRef("pk"))),
        Exists(holding),
        package=OuterRef("package_id"),
        state=State.PUBLISHED,
        sort_key__lte=F("package__latest__sort_key"),
    )
    return Subquery(versions.order_by("is_prerelease", "-sort_key").values("pk")[:1])


def allowed_versions(viewer: Viewer, package: Package) -> Allowed:
    """What the viewer may have of a package that they may see."""
    if is_maintainer(viewer, package):
        return Allowed(None, is_shared=False)
    installs = list(installs_of(viewer, package))
    if not installs:
        settled = package.versions.filter(is_settled=True).values_list("pk", flat=True)
        return Allowed(frozenset(settled), is_shared=True)
    keys = {pk for install in installs for pk in accepted_versions(install).values_list("pk", flat=True)}
    pinned = {install.pinned_id for install in installs if install.pinned_id is not None}
    return Allowed(frozenset(keys | pinned), is_shared=False)


def installs_of(viewer: Viewer, package: Package) -> QuerySet[Install]:
    """The package in the libraries of the viewer and of the viewer's organizations, or in the one they came by."""
    if viewer.library_id is not None:
        return Install.objects.filter(library_id=viewer.library_id, package=package)
    if viewer.user_id is None:
        return Install.objects.none()
    whose = Q(library__user_id=viewer.user_id) | Q(library__organization_id__in=viewer.organization_ids)
    return Install.objects.filter(whose, package=package)


def may_have(install: Install, version: Version) -> bool:
    """Whether the install has agreed to the version: it is pinned, or within an accepted set and flowing."""
    if install.pinned_id == version.pk:
        return True
    mine = Consent.objects.filter(install=install, act=Consent.Act.ACCEPT)
    held = CapabilityContainment.objects.filter(
        Q(inner=version.capability_digest) | Q(inner__in=version.readings.values("digest")),
        package_id=version.package_id,
        outer__in=mine.values("digest"),
    )
    flows = version.is_quiet or version.is_settled or mine.filter(version=version).exists()
    return flows and held.exists()


def latest_is_covered() -> Exists:
    """Whether an accepted set holds what the package's newest version can do, for annotations of installs."""
    mine = Consent.objects.filter(install=OuterRef(OuterRef("pk")), act=Consent.Act.ACCEPT)
    read_so = CapabilityReading.objects.filter(
        version=OuterRef(OuterRef("package__latest_id")), digest=OuterRef("inner")
    )
    return Exists(
        CapabilityContainment.objects.filter(
            Q(inner=OuterRef("package__latest__capability_digest")) | Exists(read_so),
            package=OuterRef("package_id"),
            outer__in=mine.values("digest"),
        )
    )


def latest_is_answered() -> Exists:
    """Whether the set of the package's newest version was skipped or stayed from, for annotations of installs."""
    said_no = Consent.objects.exclude(act=Consent.Act.ACCEPT).filter(install=OuterRef("pk"))
    read_so = CapabilityReading.objects.filter(
        version=OuterRef(OuterRef("package__latest_id")), digest=OuterRef("digest")
    )
    return Exists(said_no.filter(Q(digest=OuterRef("package__latest__capability_digest")) | Exists(read_so)))


def uncovered_installs(version: Version) -> QuerySet[Install]:
    """Installs of the version's package that must be asked: no accepted set holds it, and nothing was answered yet."""
    digests = digests_of(version)
    holding = CapabilityContainment.objects.filter(package_id=version.package_id, inner__in=digests).values("outer")
    return unanswered_installs(version.package_id, digests, holding)


def unanswered_installs(
    package_id: int, digests: Sequence[str], holding: QuerySet[Any, Any] | Sequence[str]
) -> QuerySet[Install]:
    """Installs that follow the package, have accepted none of the sets `holding`, and answered to none of `digests`."""
    mine = Consent.objects.filter(install=OuterRef("pk"))
    return Install.objects.filter(package_id=package_id, pinned=None).exclude(
        Exists(mine.filter(act=Consent.Act.ACCEPT, digest__in=holding)) | Exists(mine.filter(digest__in=digests))
    )
