"""The one question before bytes leave, which is whether this viewer may have this version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from installs.services.consent import ensure_consented
from marketplace.core.errors import MarketplaceError, NotAllowed, NotFound
from marketplace.domain.viewer import Scope
from payments.services.entitlements import ensure_entitled, unentitled_among
from registry.domain.states import SERVED, State
from registry.selectors.packages import is_maintainer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer
    from registry.models import Version


@dataclass(frozen=True, slots=True)
class Grant:
    """Leave to deliver one version; `is_shared` says whether a shared cache may keep the bytes."""

    version: Version
    is_shared: bool


def download_grant(viewer: Viewer, version: Version, *, is_offered: bool = False) -> Grant:
    """Allow the delivery, or raise what `reading_grant` raises, NotAllowed MP5006 or MP5007 without consent.

    For a package that is sold: SignInNeeded MP6001 (401) to nobody in particular, NotAllowed MP6002 to MP6007 to
    whoever has no licence or seat for it; its bytes are never shared. `version` comes with `package__publisher` joined;
    `is_offered` says that it is what a library offers its reader, so that the consent was looked at. Maintainers need
    none.
    """
    grant = reading_grant(viewer, version)
    is_sold = ensure_entitled(viewer, version.package)
    if not is_offered:
        _ensure_agreed(viewer, version)
    return replace(grant, is_shared=grant.is_shared and version.is_settled and not is_sold)


def _ensure_agreed(viewer: Viewer, version: Version) -> None:
    try:
        ensure_consented(viewer, version)
    except NotAllowed:
        if not is_maintainer(viewer, version.package):
            raise


def listing_grant(viewer: Viewer, version: Version) -> Grant:
    """Allow that the viewer sees the list of its files: as `reading_grant`; moderators see what they may decide on."""
    if viewer.is_moderator and viewer.may_use(Scope.READ) and viewer.may_touch(version.package.full_name):
        return Grant(version, is_shared=False)
    return reading_grant(viewer, version)


def source_grant(viewer: Viewer, version: Version) -> Grant:
    """Allow that the viewer reads the files: as `listing_grant`, and what is sold as `download_grant` says."""
    grant = listing_grant(viewer, version)
    if not viewer.is_moderator:
        ensure_entitled(viewer, version.package)
    return grant


def reading_grant(viewer: Viewer, version: Version) -> Grant:
    """Allow that the viewer sees what is in the version, or raise.

    NotFound MP3003 for what the viewer may not know of (private, pending, removed); NotAllowed MP5001 for a version in
    quarantine or taken away by moderation, MP5002 for a token without the right or without this package in its list.
    `version` comes with `package__publisher` joined.
    """
    package = version.package
    names = {"name": package.full_name, "number": version.number}
    insider = (package.is_private or version.state not in SERVED) and is_maintainer(viewer, package)
    if package.is_private and not insider and package.organization_id not in viewer.organization_ids:
        raise NotFound("MP3003", names)
    if version.state == State.QUARANTINED:
        raise NotAllowed("MP5001", names)
    if version.state not in SERVED and not insider:
        raise NotFound("MP3003", names)
    if version.state in {State.REMOVED, State.UNPUBLISHED, State.REJECTED}:
        raise NotFound("MP3003", names)
    if not viewer.may_use(Scope.READ) or not viewer.may_touch(package.full_name):
        raise NotAllowed("MP5002", names)
    return Grant(version, is_shared=not package.is_private and version.state in SERVED)


def granted(viewer: Viewer, versions: Iterable[Version]) -> tuple[Version, ...]:
    """Those that the viewer may have: one that is refused must not take the others along.

    Licences are asked once for all of them.
    """
    wanted = list(versions)
    refused = unentitled_among(viewer, (version.package for version in wanted))
    return tuple(version for version in wanted if version.package_id not in refused and is_readable(viewer, version))


def is_granted(viewer: Viewer, version: Version) -> bool:
    """Whether the viewer may have the version."""
    try:
        download_grant(viewer, version)
    except MarketplaceError:
        return False
    return True


def is_readable(viewer: Viewer, version: Version) -> bool:
    """Whether the viewer may see what is in the version, bought or not."""
    try:
        reading_grant(viewer, version)
    except MarketplaceError:
        return False
    return True
