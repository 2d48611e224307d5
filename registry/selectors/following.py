"""Who follows what."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.models import Follow
from registry.selectors.collections import collections_visible_to
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from marketplace.domain.viewer import Viewer
    from registry.models import Collection, Package, Publisher

NOBODY = 0


def is_following(
    viewer: Viewer,
    *,
    package: Package | None = None,
    publisher: Publisher | None = None,
    collection: Collection | None = None,
) -> bool:
    """Whether the viewer follows it; nobody follows nothing."""
    if viewer.user_id is None:
        return False
    mine = Follow.objects.filter(user_id=viewer.user_id)
    return mine.filter(package=package, publisher=publisher, collection=collection).exists()


def packages_followed(viewer: Viewer) -> QuerySet[Package]:
    """The packages that the viewer follows and may still see, by name."""
    mine = Follow.objects.filter(user_id=viewer.user_id or NOBODY, package__isnull=False).values("package_id")
    return packages_visible_to(viewer).filter(pk__in=mine).order_by("full_name")


def publishers_followed(viewer: Viewer) -> list[Publisher]:
    """The publishers that the viewer follows, by name."""
    mine = Follow.objects.filter(user_id=viewer.user_id or NOBODY, publisher__isnull=False).select_related("publisher")
    return [follow.publisher for follow in mine.order_by("publisher__name") if follow.publisher is not None]


def collections_followed(viewer: Viewer) -> QuerySet[Collection]:
    """The collections that the viewer follows and may still see, by title."""
    mine = Follow.objects.filter(user_id=viewer.user_id or NOBODY, collection__isnull=False).values("collection_id")
    return collections_visible_to(viewer).filter(pk__in=mine).order_by("title", "id")
