"""Turns the errors of services into pages: the sentence, what to do, the code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.shortcuts import render

from marketplace.core.codes import fix
from marketplace.core.errors import MarketplaceError, NotFound
from marketplace.core.near import near_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

TEMPLATES = {404: "404.html", 403: "403.html", 429: "errors/429.html"}


class ErrorsMiddleware:
    """A refusal that a view did not answer itself becomes an error page with its status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the request's id, by which its log lines are found; the work is in process_exception."""
        response = self.get_response(request)
        response["X-Request-ID"] = structlog.contextvars.get_contextvars().get("request_id", "-")
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Render the refusal; anything else is Django's to handle."""
        return error_page(request, exception) if isinstance(exception, MarketplaceError) else None


def error_page(request: HttpRequest, error: MarketplaceError) -> HttpResponse:
    """The refusal as a page."""
    context: dict[str, object] = {"code": error.code, "sentence": str(error), "fix": fix(error.code, error.params)}
    if isinstance(error, NotFound):
        context["near"] = near_of(error.code, error.params, getattr(request, "viewer", None))
    template = TEMPLATES.get(error.status, "400.html")
    response = render(request, template, context, status=error.status)
    for header, value in error.headers.items():
        response[header] = value
    return response
