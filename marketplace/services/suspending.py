"""Suspends people and lets them back; by moderators, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.core.errors import Conflict, Invalid, NotAllowed
from marketplace.domain.audit import Action
from marketplace.models import User
from marketplace.services.accounts import sessions_end
from marketplace.services.audit import audit

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer


@transaction.atomic
def user_suspend(*, user: User, reason: str, by: Viewer) -> User:
    """End the person's sessions and keep them and their tokens out; suspending again changes nothing.

    Raises NotAllowed MP9003 (no moderator, oneself, an administrator), Invalid MP9004 (no reason), Conflict MP4306.
    """
    locked = _locked(user, by, reason)
    if locked.is_superuser or locked.pk == by.user_id:
        raise NotAllowed("MP9003")
    if locked.state != User.State.SUSPENDED:
        if locked.state != User.State.ACTIVE:
            raise Conflict("MP4306", {"state": locked.state})
        locked.state = User.State.SUSPENDED
        locked.save(update_fields=["state"])
        sessions_end(locked)
        _audit(Action.USER_SUSPEND, locked, reason, by)
    return locked


@transaction.atomic
def user_restore(*, user: User, reason: str, by: Viewer) -> User:
    """Let the person back in; raises as `user_suspend`."""
    locked = _locked(user, by, reason)
    if locked.state != User.State.SUSPENDED:
        raise Conflict("MP4306", {"state": locked.state})
    locked.state = User.State.ACTIVE
    locked.save(update_fields=["state"])
    _audit(Action.USER_RESTORE, locked, reason, by)
    return locked


def _locked(user: User, by: Viewer, reason: str) -> User:
    if not by.is_moderator:
        raise NotAllowed("MP9003")
    if not reason.strip():
        raise Invalid("MP9004", {"reason": "a reason is needed"})
    return User.objects.select_for_update().get(pk=user.pk)


def _audit(action: Action, user: User, reason: str, by: Viewer) -> None:
    audit(action, by=by, kind="user", subject=user.public_id, name=str(user), data={"reason": reason.strip()[:300]})
