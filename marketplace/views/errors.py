"""Error pages that Django calls by name."""

from __future__ import annotations

import errno
import re
import sys
from typing import TYPE_CHECKING, Any

import structlog
from django.db import OperationalError
from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from marketplace.core.codes import fix, sentence
from marketplace.core.near import near_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from marketplace.core.near import Near

PROGRAMS = ("/api/", "/npm/", "/-/")
RETRY_SECONDS = 10
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS})
NAMED = re.compile(r"/@(?P<publisher>[\w.-]{1,39})(?:/(?P<name>[\w.-]{1,64}))?", re.ASCII)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django passes a reason)
    """403: the form was too old, or came from another site."""
    context = {
        "code": "MP9003",
        "sentence": _("This form is too old, or it came from another site."),
        "fix": _("Go back, load the page again and repeat what you did."),
    }
    return render(request, "403.html", context, status=403)


def bad_request(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001  (Django passes it)
    """400: the request cannot be read."""
    return _refusal(request, "MP9014", 400)


def forbidden(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001  (likewise)
    """403: not for this person."""
    return _refusal(request, "MP9003", 403)


def not_found(request: HttpRequest, exception: Any = None) -> HttpResponse:  # noqa: ARG001  (likewise)
    """404: nothing at this address; below a name, what was perhaps meant by it."""
    if request.path.startswith(PROGRAMS):
        return _refusal(request, "MP9001", 404)
    context = {"code": "MP9001", "near": _near(request)}
    return render(request, "404.html", context, status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 while there is no database or no room on the disk, without asking either; JSON for programs."""
    code, status = _trouble(sys.exc_info()[1])
    said = _said(code, {"request_id": structlog.contextvars.get_contextvars().get("request_id", "-")})
    if request.path.startswith(PROGRAMS) or "market.program" in request.META:
        response: HttpResponse = JsonResponse(said, status=status)
    else:
        response = HttpResponse(render_to_string("500.html", said), status=status)
    if status == 503:  # noqa: PLR2004  (trouble that passes)
        response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _trouble(error: BaseException | None) -> tuple[str, int]:
    if isinstance(error, OperationalError):
        return "MP9013", 503
    if isinstance(error, OSError) and error.errno in NO_ROOM:
        return "MP9015", 503
    return "MP9009", 500


def _near(request: HttpRequest) -> list[Near]:
    match = NAMED.match(request.path)
    if match is None:
        return []
    code, name = ("MP3002", match[0][1:]) if match["name"] else ("MP3001", match["publisher"])
    return near_of(code, {"name": name.lower()}, getattr(request, "viewer", None))


def _refusal(request: HttpRequest, code: str, status: int) -> HttpResponse:
    if request.path.startswith(PROGRAMS):
        return JsonResponse(_said(code, {}), status=status)
    return render(request, f"{status}.html", {"code": code}, status=status)


def _said(code: str, params: dict[str, Any]) -> dict[str, str]:
    return {"error": sentence(code, params), "code": code, "detail": fix(code, params)}
