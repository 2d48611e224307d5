"""Reads a form before it is checked for forgery, which cannot say why a form could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marketplace.core.errors import MarketplaceError
from marketplace.core.middleware.errors import error_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class FormsMiddleware:
    """Stands before CsrfViewMiddleware, which would read the form next."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Do nothing; the work is in process_view."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _kwargs: Any) -> HttpResponse | None:
        """None to go on, else the refusal of a body that came too slowly, or among too many."""
        if request.method == "POST" and not getattr(view, "csrf_exempt", False):
            try:
                request.POST  # noqa: B018  (reading it is the point)
            except MarketplaceError as error:
                return error_page(request, error)
        return None
