"""Who belongs to an organization, with which role; the last owner stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.core.errors import Conflict, Invalid, LimitReached, NotFound
from marketplace.domain.audit import Action
from marketplace.domain.events import MembershipEnded
from marketplace.domain.roles import Permission, Role
from marketplace.models import Membership, Notice, Organization, User
from marketplace.services.audit import audit
from marketplace.services.notices import notice_send
from marketplace.services.organizations import ensure_may_manage, organization_lock
from marketplace.services.outbox import emit

if TYPE_CHECKING:
    from uuid import UUID

    from marketplace.domain.viewer import Viewer

MEMBERS_MOST = 500


@transaction.atomic
def member_add(*, organization: Organization, email: str, role: str, by: Viewer) -> Membership:
    """Add the person with the confirmed address `email`, who is told; only an owner makes owners.

    Raises Invalid MP4203 (no such account), MP4205 (role), Conflict MP4204, LimitReached MP4208, NotAllowed
    MP4005, MP4201.
    """
    wanted = _role(role)
    locked = organization_lock(organization, by=by, permission=None if wanted is Role.OWNER else Permission.MANAGE)
    address = EmailAddress.objects.select_related("user").filter(email__iexact=email.strip(), verified=True).first()
    if address is None or address.user.state != User.State.ACTIVE:
        raise Invalid("MP4203", {"email": email.strip()[:254]})
    if locked.memberships.filter(user=address.user).exists():
        raise Conflict("MP4204", {"email": address.email})
    if locked.memberships.count() >= MEMBERS_MOST:
        raise LimitReached("MP4208", {"most": MEMBERS_MOST})
    membership = Membership.objects.create(organization=locked, user=address.user, role=wanted)
    _audit(Action.MEMBER_ADD, membership, by, {"role": wanted})
    notice_send(
        to=[address.user_id],
        kind=Notice.Kind.ACCOUNT,
        key=f"member:{locked.pk}:{membership.pk}",
        title=_("You are a member of %(name)s now") % {"name": locked.display_name},
        text=_("%(by)s added you with the role “%(role)s”. You can leave at any time.")
        % {"by": by.name, "role": wanted},
        path=reverse("organization", args=[locked.slug]),
    )
    return membership


@transaction.atomic
def member_set_role(*, organization: Organization, member: UUID, role: str, by: Viewer) -> Membership:
    """Give the member (a user's public id) another role; owners are made and unmade by owners only.

    Raises Invalid MP4205, NotFound MP4207, Conflict MP4202 (the last owner), NotAllowed MP4005, MP4201.
    """
    wanted = _role(role)
    membership = _locked(organization, member, by, owners=wanted is Role.OWNER)
    if membership.role == wanted:
        return membership
    _ensure_not_last_owner(membership)
    before, membership.role = membership.role, wanted
    membership.save(update_fields=["role"])
    _audit(Action.MEMBER_ROLE, membership, by, {"before": before, "after": wanted})
    return membership


@transaction.atomic
def member_remove(*, organization: Organization, member: UUID, by: Viewer) -> None:
    """Take a member out; everybody may leave. Raises NotFound MP4207, Conflict MP4202, NotAllowed MP4005, MP4201."""
    membership = _locked(organization, member, by, leaving=True)
    _ensure_not_last_owner(membership)
    _audit(Action.MEMBER_REMOVE, membership, by, {"role": membership.role})
    membership.delete()
    emit(MembershipEnded(organization_id=membership.organization_id, user_id=membership.user_id))


def _locked(
    organization: Organization, member: UUID, by: Viewer, *, owners: bool = False, leaving: bool = False
) -> Membership:
    ensure_may_manage(by)
    Organization.objects.select_for_update().get(pk=organization.pk)
    found = Membership.objects.select_related("user", "organization")
    membership = found.filter(organization=organization, user__public_id=member).first()
    if membership is None or not leaving or membership.user_id != by.user_id:
        needs_owner = owners or (membership is not None and membership.role == Role.OWNER)
        organization_lock(organization, by=by, permission=None if needs_owner else Permission.MANAGE)
    if membership is None:
        raise NotFound("MP4207", {"name": organization.display_name})
    return membership


def _ensure_not_last_owner(membership: Membership) -> None:
    others = Membership.objects.filter(organization_id=membership.organization_id, role=Role.OWNER)
    if membership.role == Role.OWNER and not others.exclude(pk=membership.pk).exists():
        raise Conflict("MP4202", {"name": membership.organization.display_name})


def _role(text: str) -> Role:
    try:
        return Role(text)
    except ValueError as error:
        raise Invalid("MP4205", {"roles": ", ".join(Role)}) from error


def _audit(action: Action, membership: Membership, by: Viewer, data: dict[str, str]) -> None:
    audit(
        action,
        by=by,
        kind="member",
        subject=membership.user.public_id,
        name=str(membership.user),
        organization_id=membership.organization_id,
        data=data,
    )
