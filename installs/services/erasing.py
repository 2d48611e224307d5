"""What installs forgets of a person whose account has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.models import Library

if TYPE_CHECKING:
    from marketplace.domain.events import UserErased


def library_forget(event: UserErased) -> None:
    """Drop the person's library with its addresses; runs as the system."""
    Library.objects.filter(user_id=event.user_id).delete()
