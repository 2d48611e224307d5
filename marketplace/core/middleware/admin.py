"""The administration's own content security policy: its skin needs inline script and style, from this origin only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PREFIX = "/admin/"
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


class AdminPolicyMiddleware:
    """Adds the policy below /admin/, where the strict one is left out (CONTENT_SECURITY_POLICY)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the policy, kept by no cache."""
        response = self.get_response(request)
        if request.path.startswith(PREFIX):
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["Cache-Control"] = "private, no-store"
        return response
