"""People: the profile, closing an account with a grace, and what is known about a person."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import available_timezones

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.errors import Conflict, Invalid, NotAllowed
from marketplace.core.exports import export_of
from marketplace.domain.audit import Action
from marketplace.domain.roles import Role
from marketplace.models import Notice, Organization, User
from marketplace.services.audit import audit
from marketplace.services.notices import notice_send
from marketplace.services.organizations import organization_close
from marketplace.services.viewers import signed_in_id

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

SHOWN_MOST = 80
GRACE = timedelta(days=14)


@transaction.atomic
def profile_update(*, by: Viewer, display_name: str | None = None, time_zone: str | None = None) -> User:
    """Change the viewer's shown name (may be empty) or time zone (an IANA name).

    Raises Invalid MP4209, MP4301, NotAllowed MP9002, MP4004 for a token.
    """
    user = _own(by)
    before = {"display_name": user.display_name, "time_zone": user.time_zone}
    if display_name is not None:
        user.display_name = " ".join(display_name.split())
    if time_zone is not None:
        user.time_zone = time_zone
    if len(user.display_name) > SHOWN_MOST:
        raise Invalid("MP4209", {"most": SHOWN_MOST})
    if user.time_zone not in available_timezones():
        raise Invalid("MP4301", {"zone": user.time_zone[:64]})
    after = {"display_name": user.display_name, "time_zone": user.time_zone}
    if after != before:
        user.save(update_fields=["display_name", "time_zone"])
        _audit(Action.USER_UPDATE, user, by, {"before": before, "after": after})
    return user


@transaction.atomic
def account_close(*, by: Viewer) -> User:
    """Close the account: tokens stop at once, everything ends after the grace of 14 days; until then it can be opened.

    Organizations that the person is alone in close with it. Raises Conflict MP4302 for the last owner of one with other
    members, NotAllowed MP4004 for a token.
    """
    user = _own(by)
    if user.state == User.State.CLOSING:
        return user
    owned = _owned_alone(user)
    if shared := [organization.display_name for organization, members in owned if members > 1]:
        raise Conflict("MP4302", {"names": ", ".join(sorted(shared))})
    for organization, _members in owned:
        organization_close(organization=organization, by=by)
    user.state, user.closes_at = User.State.CLOSING, timezone.now() + GRACE
    user.save(update_fields=["state", "closes_at"])
    _audit(Action.USER_CLOSE, user, by, {"closes_at": user.closes_at.isoformat()})
    notice_send(
        to=[user.pk],
        kind=Notice.Kind.ACCOUNT,
        key=f"closing:{user.closes_at.isoformat()}",
        title=_("Your account is being closed"),
        text=_("On %(day)s what identifies you is erased. If you change your mind, open the account again before that.")
        % {"day": f"{user.closes_at:%-d %B %Y}"},
        path=reverse("account-profile"),
    )
    return user


@transaction.atomic
def account_reopen(*, by: Viewer) -> User:
    """Take the closing back within the grace; raises Conflict MP4303 when the account is not being closed."""
    user = _own(by)
    if user.state != User.State.CLOSING:
        raise Conflict("MP4303")
    user.state, user.closes_at = User.State.ACTIVE, None
    user.save(update_fields=["state", "closes_at"])
    _audit(Action.USER_REOPEN, user, by)
    return user


@transaction.atomic
def account_export(*, by: Viewer) -> dict[str, Any]:
    """Everything that is kept about the viewer, as one JSON-able object; raises NotAllowed MP4004 for a token."""
    user = _own(by)
    _audit(Action.USER_EXPORT, user, by)
    return export_of(user.pk)


def sessions_end(user: User) -> int:
    """End every session of the person; returns how many there were."""
    keys = list(UserSession.objects.filter(user=user).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(user=user).delete()
    return len(keys)


def _own(by: Viewer) -> User:
    user_id = signed_in_id(by)
    if by.token_id is not None:
        raise NotAllowed("MP4004")
    return User.objects.select_for_update().get(pk=user_id)


def _owned_alone(user: User) -> list[tuple[Organization, int]]:
    """Active organizations whose only owner the person is, with their number of members."""
    owners = Count("memberships", filter=Q(memberships__role=Role.OWNER), distinct=True)
    mine = Organization.objects.filter(memberships__user=user, memberships__role=Role.OWNER).values("pk")
    counted = Organization.objects.filter(pk__in=mine, state=Organization.State.ACTIVE)
    counted = counted.annotate(owners=owners, members=Count("memberships", distinct=True)).filter(owners=1)
    return [(organization, organization.members) for organization in counted]


def _audit(action: Action, user: User, by: Viewer, data: dict[str, Any] | None = None) -> None:
    audit(action, by=by, kind="user", subject=user.public_id, name=str(user), data=data)
