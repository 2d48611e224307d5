"""Who asks: the token in the request and nothing else; a browser's session has no power here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.channels.identity import secret_of
from installs.channels.npm.answers import AuthenticationNeeded
from marketplace.core.errors import MarketplaceError
from marketplace.domain.viewer import ANONYMOUS
from marketplace.services.tokens import token_authenticate
from marketplace.services.viewers import bind

if TYPE_CHECKING:
    from django.http import HttpRequest

    from marketplace.domain.viewer import Viewer


def viewer_bound(request: HttpRequest) -> Viewer:
    """The token's viewer, or the anonymous one, bound to this thread; raises AuthenticationNeeded for a bad token."""
    secret = secret_of(request)
    if not secret:
        return bind(ANONYMOUS)
    try:
        return bind(token_authenticate(secret))
    except MarketplaceError as error:
        bind(ANONYMOUS)
        raise AuthenticationNeeded(error.code, error.params) from error
