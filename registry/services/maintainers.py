"""Who may publish a package beside the owners of its namespace."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.domain.audit import Action
from marketplace.domain.viewer import Scope
from marketplace.models import Notice, User
from marketplace.services.audit import audit
from marketplace.services.notices import notice_send
from marketplace.services.outbox import emit
from registry.domain.events import PackageChanged
from registry.models import Package, PackageMaintainer
from registry.services.access import ensure_can_manage
from registry.services.lifecycle import package_lock

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer


@transaction.atomic
def maintainer_add(*, package: Package, email: str, by: Viewer, revision: int | None = None) -> PackageMaintainer:
    """Let the person with that address publish the package; adding them again changes nothing.

    Raises NotAllowed MP3011, MP3028, Invalid MP3025, Stale MP3023.
    """
    ensure_can_manage(by=by, package=package)
    package = package_lock(package.pk, revision=revision)
    user = User.objects.filter(email__iexact=email.strip(), state=User.State.ACTIVE).first()
    if user is None:
        raise Invalid("MP3025", {"name": email.strip()[:254]})
    maintainer, is_new = PackageMaintainer.objects.get_or_create(package=package, user=user)
    if is_new:
        _tell(package, by, Action.MAINTAINER_ADD, user)
        notice_send(
            to=[user.pk],
            kind=Notice.Kind.VERSION,
            key=f"maintainer:{maintainer.pk}",
            title=_("You maintain %(name)s now") % {"name": package.full_name},
            path=f"/{package.full_name}",
            text=_("%(who)s added you. You may publish, yank and deprecate its versions.") % {"who": by.name},
        )
    return maintainer


@transaction.atomic
def maintainer_remove(*, package: Package, user: User, by: Viewer, revision: int | None = None) -> None:
    """Take the right back; everyone may give up their own.

    Raises NotAllowed MP3011, MP3028, NotFound MP3029, Conflict MP3024 for the last one, Stale MP3023.
    """
    if by.user_id != user.pk:
        ensure_can_manage(by=by, package=package)
    elif not by.may_use(Scope.MANAGE):
        raise NotAllowed("MP3028")
    package = package_lock(package.pk, revision=revision)
    row = PackageMaintainer.objects.filter(package=package, user=user).first()
    if row is None:
        raise NotFound("MP3029", {"name": str(user)})
    if package.maintainers.count() == 1:
        raise Conflict("MP3024")
    row.delete()
    _tell(package, by, Action.MAINTAINER_REMOVE, user)


def _tell(package: Package, by: Viewer, action: Action, user: User) -> None:
    audit(
        action,
        by=by,
        kind="package",
        subject=package.public_id,
        name=package.full_name,
        organization_id=package.publisher.organization_id,
        data={"user": str(user.public_id)},
    )
    Package.objects.filter(pk=package.pk).update(revision=F("revision") + 1, updated_at=timezone.now())
    emit(PackageChanged(package_id=package.pk))
