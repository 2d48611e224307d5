"""Gives the registry a short way: tokens say who asks, so sessions, languages and forms have no part in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.urls import resolve
from django_prometheus.middleware import PrometheusAfterMiddleware

from installs.channels.documents.bases import SITE_PREFIX, is_registry_host
from marketplace.core import tenancy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    Handler = Callable[[HttpRequest], HttpResponseBase]

PROBES = frozenset({"/readyz", "/metrics"})
REGISTRY_URLS = "installs.channels.npm.root"
PREFIXES = (f"{SITE_PREFIX}/", "/-/")


class RegistryMiddleware:
    """Answers the registry's addresses at once, on its own host and on the site's; probes are answered on every host.

    Stands behind the middleware that refuses unknown hosts and the one that asks for https.
    """

    def __init__(self, get_response: Handler) -> None:
        """Wrap the rest of the stack, and measure the registry as the rest is."""
        self.get_response = get_response
        self.registry: Handler = PrometheusAfterMiddleware(_answer)

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer what is the registry's, pass everything else on."""
        path = request.path_info
        if path not in PROBES and is_registry_host(request.get_host()):
            request.urlconf = REGISTRY_URLS
            request.META["market.program"] = True
            return self.registry(request)
        return self.registry(request) if path.startswith(PREFIXES) else self.get_response(request)


def _answer(request: HttpRequest) -> HttpResponseBase:
    """The view's answer, with nobody's rows in reach before and after it."""
    match = resolve(request.path_info, getattr(request, "urlconf", settings.ROOT_URLCONF))
    request.resolver_match = match
    tenancy.bind(tenancy.PUBLIC)
    try:
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    finally:
        tenancy.bind(tenancy.PUBLIC)
    return response
