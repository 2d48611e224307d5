"""Following: a choice of a person, and what they are told because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.core.errors import NotAllowed
from marketplace.domain.audit import Action
from marketplace.domain.viewer import Scope
from marketplace.models import Notice, User
from marketplace.services.audit import audit
from marketplace.services.notices import notice_send
from marketplace.services.viewers import viewer_of_user
from registry.domain.collections import Shown, Visibility
from registry.domain.states import State
from registry.models import CollectionEntry, Follow, Version
from registry.selectors.collections import collections_visible_to
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Collection, Package, Publisher

TELL = "registry.followers_tell"
TELL_OF_COLLECTION = "registry.collection_followers_tell"


@transaction.atomic
def follow_set(
    *,
    by: Viewer,
    wanted: bool,
    package: Package | None = None,
    publisher: Publisher | None = None,
    collection: Collection | None = None,
) -> bool:
    """Follow the one that is given, or stop; returns whether anything changed. Raises NotAllowed MP9002, MP3015."""
    if by.user_id is None:
        raise NotAllowed("MP9002")
    if not by.may_use(Scope.PUBLISH):
        raise NotAllowed("MP3015")
    row: dict[str, Any] = {"user_id": by.user_id, "package": package, "publisher": publisher, "collection": collection}
    mine = Follow.objects.filter(**row)
    changed = Follow.objects.get_or_create(**row)[1] if wanted else mine.delete()[0] > 0
    if changed:
        name = package.full_name if package else f"@{publisher.name}" if publisher else ""
        name = collection.slug if collection else name
        audit(Action.FOLLOW_SET, by=by, kind="follow", name=name, data={"wanted": wanted})
    return changed


def followers_tell(version_id: int) -> int:
    """Tell the followers of a package or its publisher about its newest version; returns how many were told."""
    version = Version.objects.select_related("package__publisher").filter(pk=version_id).first()
    if version is None or version.state != State.PUBLISHED or version.package.latest_id != version.pk:
        return 0
    package = version.package
    follows = Follow.objects.filter(Q(package=package) | Q(publisher_id=package.publisher_id))
    people = set(follows.exclude(user=version.published_by).values_list("user_id", flat=True))
    if package.is_private:
        people = {user.pk for user in User.objects.filter(pk__in=people) if _may_see(user, package)}
    names = {"name": package.full_name, "number": version.number}
    return notice_send(
        to=people,
        kind=Notice.Kind.FOLLOW,
        key=f"follow:{version.public_id}",
        title=_("%(name)s %(number)s is published") % names,
        text=package.summary,
        path=f"/@{package.publisher.name}/{package.name}",
    )


def collection_followers_tell(collection_id: int, package_id: int, user_id: int | None) -> int:
    """Tell the collection's followers of a package that `user_id` put into it; returns how many were told."""
    joined = ("collection", "package__publisher")
    rows = CollectionEntry.objects.select_related(*joined).filter(collection=collection_id, package=package_id)
    entry = rows.first()
    if entry is None or entry.collection.state != Shown.SHOWN or entry.package.latest_id is None:
        return 0
    collection, package = entry.collection, entry.package
    people = set(Follow.objects.filter(collection=collection).exclude(user=user_id).values_list("user_id", flat=True))
    if package.is_private or collection.visibility == Visibility.PRIVATE:
        people = {user.pk for user in User.objects.filter(pk__in=people) if _may_see(user, package, collection)}
    return notice_send(
        to=people,
        kind=Notice.Kind.FOLLOW,
        key=f"collection:{collection.public_id}:{package.public_id}",
        title=_("“%(title)s” has %(name)s now") % {"title": collection.title, "name": package.full_name},
        text=entry.note or package.summary,
        path=f"/collections/{collection.slug}",
    )


def _may_see(user: User, package: Package, collection: Collection | None = None) -> bool:
    viewer = viewer_of_user(user)
    if collection is not None and not collections_visible_to(viewer).filter(pk=collection.pk).exists():
        return False
    return packages_visible_to(viewer).filter(pk=package.pk).exists()
