"""Versions moved by moderators at once, with a reason; the weighing of a matter is a case's (reviews)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.core.errors import Invalid, NotAllowed
from registry.services.lifecycle import version_move

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.domain.states import State
    from registry.models import Version


@transaction.atomic
def version_moderate(*, version: Version, after: State, reason: str, by: Viewer) -> Version:
    """Move the version as the state table allows; raises NotAllowed MP9003, Invalid MP9004, Conflict MP3020."""
    if not by.is_moderator:
        raise NotAllowed("MP9003")
    if not reason.strip():
        raise Invalid("MP9004", {"reason": "a reason is needed"})
    return version_move(version=version, after=after, by=by, reason=reason.strip())
