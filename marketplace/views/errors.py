"""Error pages that Django calls by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.http import HttpRequest


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django passes a reason)
    """403: the form was too old, or came from another site."""
    context = {
        "code": "MP9003",
        "sentence": _("This form is too old, or it came from another site."),
        "fix": _("Go back, load the page again and repeat what you did."),
    }
    return render(request, "403.html", context, status=403)


def bad_request(request: HttpRequest, _exception: Any = None) -> HttpResponse:
    """400: the request cannot be read."""
    return render(request, "400.html", status=400)


def forbidden(request: HttpRequest, _exception: Any = None) -> HttpResponse:
    """403: not for this person."""
    return render(request, "403.html", {"code": "MP9003"}, status=403)


def not_found(request: HttpRequest, _exception: Any = None) -> HttpResponse:
    """404: nothing at this address."""
    return render(request, "404.html", {"code": "MP9001"}, status=404)


def server_error(_request: HttpRequest) -> HttpResponse:
    """500, without asking the database for anything."""
    return HttpResponse(render_to_string("500.html"), status=500)
