"""Refusals of channels that have no form of their own: JSON with the sentence, its code and what to do."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from marketplace.core.codes import fix, sentence
from marketplace.core.errors import MarketplaceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

READING = ("GET", "HEAD")


def reading(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that only reads: another method is 405, a refusal is `{"error", "code", "detail"}` that nobody keeps."""

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


def _said(code: str, params: dict[str, object], status: int) -> JsonResponse:
    body = {"error": sentence(code, params), "code": code, "detail": fix(code, params)}
    response = JsonResponse(body, status=status)
    response["Cache-Control"] = "private, no-store"
    return response
