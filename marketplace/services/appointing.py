"""Makes moderators and senior moderators, and ordinary people of them again; by administrators."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.core.errors import Conflict, NotAllowed
from marketplace.domain.audit import Action
from marketplace.models import User
from marketplace.services.audit import audit

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer


class Duty(StrEnum):
    """What somebody does for the site."""

    NONE = "none"
    MODERATOR = "moderator"
    SENIOR = "senior"


@transaction.atomic
def user_appoint(*, user: User, duty: Duty, by: Viewer) -> User:
    """Give the person this duty, with the way into the administration that belongs to it.

    Raises NotAllowed MP9003 (no administrator, oneself, another administrator), Conflict MP4306 (not in use).
    """
    if not by.is_administrator:
        raise NotAllowed("MP9003")
    locked = User.objects.select_for_update().get(pk=user.pk)
    if locked.is_superuser or locked.pk == by.user_id:
        raise NotAllowed("MP9003")
    if locked.state != User.State.ACTIVE and duty != Duty.NONE:
        raise Conflict("MP4306", {"state": locked.state})
    locked.is_moderator = locked.is_staff = duty != Duty.NONE
    locked.is_senior_moderator = duty == Duty.SENIOR
    locked.save(update_fields=["is_moderator", "is_staff", "is_senior_moderator"])
    audit(
        Action.USER_APPOINT,
        by=by,
        kind="user",
        subject=locked.public_id,
        name=str(locked),
        data={"duty": duty},
    )
    return locked
