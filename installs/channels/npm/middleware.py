"""Gives a host that is the registry's alone the registry's addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.channels.documents.bases import is_registry_host

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PROBES = frozenset({"/readyz", "/metrics"})


class RegistryHostMiddleware:
    """Chooses the addresses by host; stands behind the middleware that refuses unknown hosts."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; probes are answered on every host."""
        if request.path_info not in PROBES and is_registry_host(request.get_host()):
            request.urlconf = "installs.channels.npm.root"
        return self.get_response(request)
