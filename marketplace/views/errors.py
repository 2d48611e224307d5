"""Error pages that Django calls by name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (Django passes a reason)
    """403: the form was too old, or came from another site."""
    context = {
        "code": "MP9003",
        "sentence": _("This form is too old, or it came from another site."),
        "fix": _("Go back, load the page again and repeat what you did."),
    }
    return render(request, "403.html", context, status=403)
