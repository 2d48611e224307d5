"""Organizations: made, renamed, closed and opened again by their owners."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, LimitReached, NotAllowed
from marketplace.domain.audit import Action
from marketplace.domain.names import NameRefused, check_account_name, normalised
from marketplace.domain.roles import ALLOWED, Permission, Role
from marketplace.domain.viewer import Scope
from marketplace.models import Membership, NameClaim, Organization, User
from marketplace.services.audit import audit
from marketplace.services.names import name_claim, name_release
from marketplace.services.viewers import signed_in_id

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

SHOWN_MOST = 80
MADE_MOST = 20
GRACE = timedelta(days=14)


def ensure_may_manage(by: Viewer) -> int:
    """Who acts (a user's key); raises NotAllowed: MP9002 for nobody, MP4005 for a token that does not reach so far."""
    user_id = signed_in_id(by)
    if not by.may_use(Scope.MANAGE) or by.packages is not None:
        raise NotAllowed("MP4005", {"scope": Scope.MANAGE})
    return user_id


def organization_lock(organization: Organization, *, by: Viewer, permission: Permission | None = None) -> Organization:
    """The organization, locked against other writers; `permission` None asks for an owner.

    Raises NotAllowed MP4005, MP4201.
    """
    user_id = ensure_may_manage(by)
    locked = Organization.objects.select_for_update().get(pk=organization.pk)
    role = Membership.objects.filter(organization=locked, user_id=user_id).values_list("role", flat=True).first()
    allowed = role is not None and (
        role == Role.OWNER or (permission is not None and permission in ALLOWED[Role(role)])
    )
    if not allowed:
        raise NotAllowed("MP4201", {"name": locked.display_name})
    return locked


@transaction.atomic
def organization_create(*, name: str, display_name: str = "", by: Viewer) -> Organization:
    """A new organization whose first owner is the viewer; its name is taken in the one space with publishers.

    Raises Invalid MP1501, MP1502, MP4209, Conflict MP4101, LimitReached MP4210, NotAllowed MP4005.
    """
    user = User.objects.select_for_update().get(pk=ensure_may_manage(by))
    owned = Membership.objects.filter(user=user, role=Role.OWNER).exclude(organization__state=Organization.State.CLOSED)
    if owned.count() >= MADE_MOST:
        raise LimitReached("MP4210", {"most": MADE_MOST})
    _check(name)
    organization = Organization(slug=name, display_name=_shown(display_name or name))
    name_claim(name=name, normalised=normalised(name), kind=NameClaim.Kind.PUBLISHER, holder=organization.public_id)
    organization.save()
    Membership.objects.create(organization=organization, user=user, role=Role.OWNER)
    _audit(Action.ORGANIZATION_CREATE, organization, by)
    return organization


@transaction.atomic
def organization_rename(
    *, organization: Organization, by: Viewer, name: str | None = None, display_name: str | None = None
) -> Organization:
    """Change the shown name, or the name itself, whose old form then leads to the new one and goes to nobody else.

    Publishers keep their names. Raises as `organization_create`, and NotAllowed MP4201.
    """
    locked = organization_lock(organization, by=by, permission=Permission.MANAGE if name is None else None)
    before = {"name": locked.slug, "display_name": locked.display_name}
    if display_name is not None:
        locked.display_name = _shown(display_name)
    if name is not None and name != locked.slug:
        _rename(locked, name)
    after = {"name": locked.slug, "display_name": locked.display_name}
    if after != before:
        locked.save(update_fields=["slug", "display_name"])
        _audit(Action.ORGANIZATION_RENAME, locked, by, {"before": before, "after": after})
    return locked


@transaction.atomic
def organization_close(*, organization: Organization, by: Viewer) -> Organization:
    """Stop the organization now and end it after the grace of 14 days; closing it again changes nothing."""
    locked = organization_lock(organization, by=by)
    if locked.state == Organization.State.ACTIVE:
        locked.state, locked.closes_at = Organization.State.CLOSING, timezone.now() + GRACE
        locked.save(update_fields=["state", "closes_at"])
        _audit(Action.ORGANIZATION_CLOSE, locked, by, {"closes_at": locked.closes_at.isoformat()})
    return locked


@transaction.atomic
def organization_reopen(*, organization: Organization, by: Viewer) -> Organization:
    """Take the closing back within the grace; raises Conflict MP4211 when it is not being closed."""
    locked = organization_lock(organization, by=by)
    if locked.state != Organization.State.CLOSING:
        raise Conflict("MP4211", {"name": locked.display_name})
    locked.state, locked.closes_at = Organization.State.ACTIVE, None
    locked.save(update_fields=["state", "closes_at"])
    _audit(Action.ORGANIZATION_REOPEN, locked, by)
    return locked


def _rename(organization: Organization, name: str) -> None:
    _check(name)
    old = NameClaim.objects.get(scope="", holder=organization.public_id, name=organization.slug)
    if normalised(name) == old.normalised:
        NameClaim.objects.filter(pk=old.pk).update(name=name)
    else:
        new = name_claim(
            name=name, normalised=normalised(name), kind=NameClaim.Kind.PUBLISHER, holder=organization.public_id
        )
        name_release(claim=old, successor=new)
    organization.slug = name


def _check(name: str) -> None:
    try:
        check_account_name(name)
    except NameRefused as refusal:
        raise Invalid(refusal.code, refusal.params) from refusal


def _shown(text: str) -> str:
    shown = " ".join(text.split())
    if not 1 <= len(shown) <= SHOWN_MOST:
        raise Invalid("MP4209", {"most": SHOWN_MOST})
    return shown


def _audit(action: Action, organization: Organization, by: Viewer, data: dict[str, object] | None = None) -> None:
    audit(
        action,
        by=by,
        kind="organization",
        subject=organization.public_id,
        name=organization.slug,
        organization_id=organization.pk,
        data=data,
    )
