"""A code from a person's device, sent along by a command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache

from marketplace.core.errors import LimitReached

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

TRIES = 5
TRIES_SECONDS = 300


def is_device_code_good(*, by: Viewer, code: str) -> bool:
    """Whether the digits are right; a code works once. Raises LimitReached MP9006 after five tries in five minutes."""
    key = f"device-code:{by.user_id}"
    cache.add(key, 0, TRIES_SECONDS)
    if cache.incr(key) > TRIES:
        raise LimitReached("MP9006", {"seconds": TRIES_SECONDS})
    device = Authenticator.objects.filter(user_id=by.user_id, type=Authenticator.Type.TOTP).first()
    return device is not None and bool(TOTP(device).validate_code(code))
