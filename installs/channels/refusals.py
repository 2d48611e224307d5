"""Refusals of channels that have no form of their own: JSON with the sentence, its code and what to do."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from marketplace.core.codes import fix, sentence
from marketplace.core.errors import MarketplaceError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

READING = ("GET", "HEAD")
HELPED = (401, 403)
"""Whoever gets these may be let in after a visit to the package's page."""


def reading(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that only reads: another method is 405, a refusal is `{"error", "code", "detail"}` that nobody keeps.

    `error` begins with the address of the page that helps, where there is one.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, **parts: str) -> HttpResponseBase:
        if request.method not in READING:
            response = _said("MP9007", {"method": request.method}, 405)
            response["Allow"] = ", ".join(READING)
            return response
        try:
            return view(request, **parts)
        except MarketplaceError as error:
            return _said(error.code, error.params, error.status)

    return guarded


def help_page(params: Mapping[str, object], status: int) -> str:
    """The address of the page that helps whoever may not have a package; empty when there is none."""
    name = str(params.get("name") or "")
    return f"{settings.BASE_URL}/{name}" if status in HELPED and name.startswith("@") and "/" in name else ""


def _said(code: str, params: dict[str, object], status: int) -> JsonResponse:
    text = " ".join(filter(None, (help_page(params, status), sentence(code, params))))
    body = {"error": text, "code": code, "detail": fix(code, params)}
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
