"""Who may do what with publishers and packages; the one place that decides."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core.errors import NotAllowed
from marketplace.domain.roles import Permission
from marketplace.domain.viewer import Scope
from registry.models import PackageMaintainer

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Package, Publisher


def owns(viewer: Viewer, publisher: Publisher, permission: Permission) -> bool:
    """Whether the publisher is the viewer's own, or of an organization where the role allows it."""
    if viewer.is_system:
        return True
    if publisher.organization_id is not None:
        return viewer.may_in(publisher.organization_id, permission)
    return viewer.user_id is not None and publisher.user_id == viewer.user_id


def maintains(viewer: Viewer, package: Package, permission: Permission = Permission.PUBLISH) -> bool:
    """Whether the viewer may publish the package: as owner of the namespace or as one of its maintainers."""
    if owns(viewer, package.publisher, permission):
        return True
    return viewer.user_id is not None and package.maintainers.filter(user_id=viewer.user_id).exists()


def ensure_may_publish_as(*, by: Viewer, publisher: Publisher) -> None:
    """Raise NotAllowed (MP3010, MP3015) when `by` can publish nothing at all under the namespace: asked before reading.

    Maintainers of single packages pass; ensure_can_publish asks them again for the package.
    """
    if not by.may_use(Scope.PUBLISH):
        raise NotAllowed("MP3015")
    maintained = PackageMaintainer.objects.filter(package__publisher=publisher, user_id=by.user_id or 0)
    if not owns(by, publisher, Permission.PUBLISH) and not maintained.exists():
        raise NotAllowed("MP3010", {"name": publisher.name})


def ensure_can_publish(*, by: Viewer, publisher: Publisher, package: Package | None, full_name: str) -> None:
    """Raise NotAllowed (MP3010, MP3014, MP3015, MP3019) unless `by` may publish `full_name`."""
    if not by.may_use(Scope.PUBLISH):
        raise NotAllowed("MP3015")
    if not by.may_touch(full_name):
        raise NotAllowed("MP3014", {"name": full_name})
    if publisher.suspended_at is not None:
        raise NotAllowed("MP3019", {"name": publisher.name, "reason": publisher.suspended_reason})
    allowed = owns(by, publisher, Permission.PUBLISH) if package is None else maintains(by, package)
    if not allowed:
        raise NotAllowed("MP3010", {"name": publisher.name})


def ensure_can_change(*, by: Viewer, package: Package, permission: Permission = Permission.PUBLISH) -> None:
    """Raise NotAllowed (MP3011, MP3014, MP3015) unless `by` may change the package's listing, tags or versions."""
    if not by.may_use(Scope.PUBLISH):
        raise NotAllowed("MP3015")
    if not by.may_touch(package.full_name):
        raise NotAllowed("MP3014", {"name": package.full_name})
    if not maintains(by, package, permission):
        raise NotAllowed("MP3011", {"name": package.full_name})


def ensure_can_prove(*, by: Viewer, publisher: Publisher) -> None:
    """Raise NotAllowed (MP3028, MP3070) unless `by` may prove who the publisher is."""
    if not by.may_use(Scope.MANAGE) or by.packages is not None:
        raise NotAllowed("MP3028")
    if not owns(by, publisher, Permission.MANAGE):
        raise NotAllowed("MP3070", {"name": publisher.name})


def manages(viewer: Viewer, package: Package) -> bool:
    """Whether the viewer decides who sees and who maintains the package: the namespace's owner or its managers."""
    return owns(viewer, package.publisher, Permission.MANAGE)


def ensure_can_manage(*, by: Viewer, package: Package) -> None:
    """Raise NotAllowed (MP3011, MP3014, MP3028) unless `by` may change who sees or maintains the package."""
    if not by.may_use(Scope.MANAGE):
        raise NotAllowed("MP3028")
    if not by.may_touch(package.full_name):
        raise NotAllowed("MP3014", {"name": package.full_name})
    if not manages(by, package):
        raise NotAllowed("MP3011", {"name": package.full_name})
