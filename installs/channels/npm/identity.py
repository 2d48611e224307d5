"""Who asks: the token in the request and nothing else; a browser's session has no power here."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from installs.channels.npm.answers import AuthenticationNeeded
from marketplace.core.errors import MarketplaceError
from marketplace.domain.viewer import ANONYMOUS
from marketplace.services.viewers import bind

if TYPE_CHECKING:
    from django.http import HttpRequest

    from marketplace.domain.viewer import Viewer


def viewer_bound(request: HttpRequest) -> Viewer:
    """The token's viewer, or the anonymous one, bound to this thread; raises AuthenticationNeeded for a bad token."""
    secret = _secret(request.headers.get("Authorization", ""))
    if not secret:
        return bind(ANONYMOUS)
    from marketplace.services.tokens import token_authenticate  # noqa: PLC0415  (loaded when first needed)

    try:
        return bind(token_authenticate(secret))
    except MarketplaceError as error:
        bind(ANONYMOUS)
        raise AuthenticationNeeded(error.code, error.params) from error


def _secret(header: str) -> str:
    """The token: of Bearer, or the password of Basic (what npm's `_auth` sends)."""
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return ""
