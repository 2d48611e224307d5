"""The outermost middleware: liveness without a database, 400 for a host that is not ours, 404 for a name with a NUL."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import Http404, HttpResponse

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

    def process_view(
        self, _request: HttpRequest, _view: object, _positional: tuple[object, ...], named: dict[str, object]
    ) -> None:
        """Nothing has a NUL in its name, and PostgreSQL cannot even be asked; raises Http404."""
        if any("\0" in value for value in named.values() if isinstance(value, str)):
            raise Http404
