"""Following: a choice of a person, and what they are told because of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.core.errors import NotAllowed
from marketplace.domain.audit import Action
from marketplace.models import Notice, User
from marketplace.services.audit import audit
from marketplace.services.notices import notice_send
from marketplace.services.viewers import viewer_of_user
from registry.domain.states import State
from registry.models import Follow, Version
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Package, Publisher

TELL = "registry.followers_tell"


@transaction.atomic
def follow_set(*, by: Viewer, wanted: bool, package: Package | None = None, publisher: Publisher | None = None) -> bool:
    """Follow the package or the publisher, or stop; returns whether anything changed. Raises NotAllowed MP9002."""
    if by.user_id is None:
        raise NotAllowed("MP9002")
    user_id = by.user_id
    mine = Follow.objects.filter(user_id=user_id, package=package, publisher=publisher)
    if wanted:
        changed = Follow.objects.get_or_create(user_id=user_id, package=package, publisher=publisher)[1]
    else:
        changed = mine.delete()[0] > 0
    if changed:
        name = package.full_name if package else f"@{publisher.name}" if publisher else ""
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


def _may_see(user: User, package: Package) -> bool:
    return packages_visible_to(viewer_of_user(user)).filter(pk=package.pk).exists()
