"""How often one person, or one address of nobody, may write and sign in through npm."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core.clients import client_address
from marketplace.core.rates import Rate

if TYPE_CHECKING:
    from django.http import HttpRequest

    from marketplace.domain.viewer import Viewer

WRITES = Rate("npm-write", 120)
SIGN_INS = Rate("npm-sign-in", 60)
POLLS = Rate("npm-poll", 1200)
"""npm asks once in a second whether somebody has said yes: room for twenty people behind one address."""


def spend(rate: Rate, request: HttpRequest, viewer: Viewer) -> None:
    """Count one call; raises LimitReached MP9006."""
    rate.spend(f"user:{viewer.user_id}" if viewer.user_id else f"address:{client_address(request.META)}")
