"""What npm clients change by sending a packument back: warnings of deprecation, and versions that are gone from it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from installs.domain.npm_body import BodyRefused, deprecations
from installs.services.npm_publish import body_error
from marketplace.core.errors import Conflict, NotFound
from marketplace.models import User
from registry.domain.states import State
from registry.models import Package, PackageMaintainer
from registry.services.access import ensure_can_change, ensure_can_manage
from registry.services.lifecycle import package_lock, version_deprecate, version_unpublish
from registry.services.maintainers import maintainer_add, maintainer_remove

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer


@transaction.atomic
def npm_deprecate(*, package: Package, body: dict[str, Any], by: Viewer) -> int:
    """Set and take back the warnings that differ in `body`; everything else in it is left as it is here.

    Returns how many changed; raises NotAllowed MP3011, MP3014, MP3015, Invalid MP9010.
    """
    ensure_can_change(by=by, package=package)
    warnings = _warnings(body)
    package_lock(package.pk)
    versions = package.versions.filter(state=State.PUBLISHED, number__in=warnings)
    changed = [version for version in versions if version.deprecated != warnings[version.number][:500]]
    for version in changed:
        version_deprecate(version=version, message=warnings[version.number], by=by)
    return len(changed)


@transaction.atomic
def npm_versions_unpublish(*, package: Package, body: dict[str, Any], revision: str, by: Viewer) -> int:
    """Unpublish the published versions that `body` has no more; returns how many.

    Raises NotAllowed MP3011, MP3014, MP3015, Invalid MP9010, Conflict MP3020 to MP3023.
    """
    ensure_can_change(by=by, package=package)
    left = _warnings(body)
    package_lock(package.pk)
    ensure_revision(package, revision)
    gone = list(package.versions.filter(state=State.PUBLISHED).exclude(number__in=left))
    for version in gone:
        version_unpublish(version=version, by=by)
    return len(gone)


@transaction.atomic
def npm_maintainers_set(*, package: Package, user_ids: set[int], revision: str, by: Viewer) -> None:
    """Make exactly these users the package's maintainers, the new ones first, so that it always has one.

    Raises NotAllowed MP3011, MP3014, MP3015, MP3028, Conflict MP3023, MP3024, Invalid MP3025.
    """
    ensure_can_manage(by=by, package=package)
    package_lock(package.pk)
    ensure_revision(package, revision)
    before = set(PackageMaintainer.objects.filter(package=package).values_list("user_id", flat=True))
    added, removed = User.objects.in_bulk(user_ids - before), User.objects.in_bulk(before - user_ids)
    for user in added.values():
        maintainer_add(package=package, email=user.email, by=by)
    for user in removed.values():
        maintainer_remove(package=package, user=user, by=by)


@transaction.atomic
def npm_package_unpublish(*, package: Package, revision: str, by: Viewer) -> None:
    """Unpublish every published version; raises like npm_versions_unpublish."""
    npm_versions_unpublish(package=package, body={"versions": {}}, revision=revision, by=by)


@transaction.atomic
def npm_tarball_unpublish(*, package: Package, number: str, by: Viewer) -> None:
    """The last step of unpublishing a version, or all of it; a version that is unpublished already stays so.

    Raises NotFound MP3003, NotAllowed MP3011, MP3014, MP3015, Conflict MP3020 to MP3022.
    """
    ensure_can_change(by=by, package=package)
    version = package.versions.filter(number=number).first()
    if version is None:
        raise NotFound("MP3003", {"name": package.full_name, "number": number})
    if version.state != State.UNPUBLISHED:
        version_unpublish(version=version, by=by)


def ensure_revision(package: Package, revision: str) -> None:
    """Raise Conflict MP3023 when the package is not (any more) at the revision that the client read."""
    if str(Package.objects.values_list("revision", flat=True).get(pk=package.pk)) != revision:
        raise Conflict("MP3023", {"name": package.full_name})


def _warnings(body: dict[str, Any]) -> dict[str, str]:
    try:
        return deprecations(body)
    except BodyRefused as refusal:
        raise body_error(refusal) from refusal
