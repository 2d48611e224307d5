"""Every address that the site knows, as Django's resolver writes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import URLResolver, get_resolver

if TYPE_CHECKING:
    from collections.abc import Iterator

ADMIN = "admin/"


def routes(resolver: Any = None, before: str = "") -> Iterator[str]:
    """Every route below `resolver`, with what includes it before it."""
    for entry in (resolver or get_resolver()).url_patterns:
        own = str(entry.pattern)
        route = before + (own.removeprefix("^") if before else own)
        if isinstance(entry, URLResolver):
            yield from routes(entry, route)
        else:
            yield route
