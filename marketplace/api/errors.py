"""Every refusal of the API in one form: `{"error": sentence, "code": "MP…", "detail": …}`.

Where a name is unknown, `near` lists the addresses and names of what was perhaps meant.
"""

from __future__ import annotations

from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, TooManyFilesSent
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from marketplace.api.refusals import TokenRefused
from marketplace.core.codes import fix, sentence
from marketplace.core.errors import MarketplaceError, NotFound
from marketplace.core.near import near_of

log = structlog.get_logger(__name__)


def body(code: str, params: dict[str, Any] | None = None, detail: Any = None) -> dict[str, Any]:
    """The form of a refusal; `detail` is what to do about it, or the refused fields."""
    said = params or {}
    return {"error": sentence(code, said), "code": code, "detail": fix(code, said) if detail is None else detail}


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; None hands unknown errors to Django, which logs them and answers 500."""
    set_rollback()
    if isinstance(error, MarketplaceError):
        return Response(
            body(error.code, error.params) | _near(error, context), status=error.status, headers=error.headers
        )
    if isinstance(error, TokenRefused):
        refused = error.error
        headers = {"WWW-Authenticate": "Bearer"}
        return Response(body(refused.code, refused.params), status=status.HTTP_401_UNAUTHORIZED, headers=headers)
    if isinstance(error, Http404):
        return Response(body("MP9001"), status=status.HTTP_404_NOT_FOUND)
    if isinstance(error, PermissionDenied):
        return Response(body("MP9003"), status=status.HTTP_403_FORBIDDEN)
    if isinstance(error, (RequestDataTooBig, TooManyFilesSent)):
        return Response(body("MP9004", {"reason": str(error)}), status=status.HTTP_413_REQUEST_ENTITY_TOO_LARGE)
    return _framework(error, context) if isinstance(error, exceptions.APIException) else None


def _near(error: MarketplaceError, context: dict[str, Any]) -> dict[str, Any]:
    if not isinstance(error, NotFound):
        return {}
    found = near_of(error.code, error.params, getattr(context.get("request"), "viewer", None))
    return {"near": [{"name": near.name, "kind": near.kind, "path": near.path} for near in found]} if found else {}


def _framework(error: exceptions.APIException, context: dict[str, Any]) -> Response:
    headers: dict[str, str] = {}
    detail: Any = None
    params: dict[str, Any]
    match error:
        case exceptions.ValidationError():
            code, params, detail = "MP9004", {"reason": _first(error.detail)}, error.detail
        case exceptions.NotAuthenticated() | exceptions.AuthenticationFailed():
            code, params = "MP9002", {}
            headers["WWW-Authenticate"] = "Bearer"
        case exceptions.Throttled():
            seconds = int(getattr(error, "wait", None) or 60) + 1
            code, params = "MP9006", {"seconds": seconds}
            headers["Retry-After"] = str(seconds)
        case exceptions.MethodNotAllowed():
            code, params = "MP9007", {"method": context["request"].method}
        case exceptions.ParseError():
            code, params = "MP9010", {"form": context["request"].content_type or "JSON"}
        case exceptions.UnsupportedMediaType():
            code, params = "MP9010", {"form": "JSON"}
        case exceptions.PermissionDenied():
            code, params = "MP9003", {}
        case exceptions.NotFound():
            code, params = "MP9001", {}
        case _:
            code, params = "MP9004", {"reason": str(error.detail)}
    return Response(body(code, params, detail), status=error.status_code, headers=headers)


def _first(detail: Any, path: str = "") -> str:
    """The first refused field with its sentence."""
    if isinstance(detail, dict) and detail:
        key, value = next(iter(detail.items()))
        return _first(value, f"{path}.{key}" if path else str(key))
    if isinstance(detail, list) and detail:
        return _first(detail[0], path)
    return f"{path}: {detail}" if path else str(detail)
