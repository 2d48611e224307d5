"""What every page of payments has: it exists only where something is sold, and leads to the processor's pages."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING

from csp.decorators import csp_update
from django.conf import settings
from django.contrib.auth.decorators import login_required

from payments.services.switch import ensure_selling

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    View = Callable[..., HttpResponse]


def selling(view: View) -> View:
    """404 where nothing is sold; sign-in first; forms may lead on to the processor's pages; nothing is cached."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **names: object) -> HttpResponse:
        ensure_selling()
        response = login_required(view)(request, *args, **names)
        response["Cache-Control"] = "private, no-store"
        return response

    allowed: View = csp_update({"form-action": settings.PAYMENT_PAGES})(guarded)  # type: ignore[assignment]  # the decorator forgets a view's further arguments
    return allowed
