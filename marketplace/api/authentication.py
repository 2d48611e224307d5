"""Who calls the API: a token's viewer, or the session's with a CSRF check on writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication

from marketplace.api.refusals import TokenRefused
from marketplace.core.errors import MarketplaceError
from marketplace.models import User
from marketplace.services.tokens import token_authenticate
from marketplace.services.viewers import bind, signed_in_id

if TYPE_CHECKING:
    from rest_framework.request import Request

    from marketplace.domain.viewer import Viewer


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer amp_…`; binds the token's viewer to the request and the connection."""

    def authenticate(self, request: Request) -> tuple[User, Viewer] | None:
        """The token's user and viewer; None without a token. Raises TokenRefused (401)."""
        scheme, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
        if scheme.lower() != "bearer":
            return None
        try:
            viewer = bind(token_authenticate(secret.strip()))
        except MarketplaceError as error:
            raise TokenRefused(error) from error
        request._request.viewer = viewer  # type: ignore[attr-defined]  # noqa: SLF001  (the request under DRF's)
        return User.objects.get(pk=signed_in_id(viewer)), viewer

    def authenticate_header(self, _request: Request) -> str:
        """Makes refusals 401."""
        return "Bearer"


class CsrfSessionAuthentication(SessionAuthentication):
    """The site's own session; its writes carry the CSRF token."""


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular's hook
    """How the schema describes tokens."""

    target_class = "marketplace.api.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002  (drf-spectacular's signature)
        """HTTP bearer."""
        return {"type": "http", "scheme": "bearer"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # drf-spectacular's hook
    """How the schema describes the session."""

    target_class = "marketplace.api.authentication.CsrfSessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: object) -> dict[str, str]:  # noqa: ARG002  (drf-spectacular's signature)
        """The session cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
