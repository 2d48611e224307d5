"""The outermost middleware: liveness without a database, and 400 for a host that is not ours."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

HOSTLESS = {"/livez", "/readyz", "/metrics"}


class RequestMiddleware:
    """Turns away hostile hosts before anything reads them; probes and metrics are asked by any name."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 200 at /livez, 400 for an unknown host, else what the stack says."""
        if request.path == "/livez":
            return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})
        if request.path in HOSTLESS:
            request.META["HTTP_HOST"] = urlsplit(settings.BASE_URL).netloc
        else:
            try:
                request.get_host()
            except DisallowedHost:
                return HttpResponse("Unknown host.\n", status=400, content_type="text/plain")
        return self.get_response(request)
