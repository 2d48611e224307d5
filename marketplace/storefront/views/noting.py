"""What a page tells of its reader's doing: shown, opened, looked for, chosen. Only of pages that a person asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.domain.usage import Happened, Kind, impressions, query_plain, search_of
from installs.services.usage import Visit, usage_note
from marketplace.core.clients import client_address
from marketplace.services.viewers import viewer_from

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest

    from registry.models import Package

PREFETCH = "prefetch"


def visit_of(request: HttpRequest) -> Visit:
    """Who makes the request, from where, with what."""
    return Visit(viewer_from(request), client_address(request.META), request.headers.get("User-Agent", ""))


def list_note(request: HttpRequest, package_ids: Iterable[int]) -> None:
    """Packages stood in a list."""
    _note(request, impressions(package_ids))


def search_note(request: HttpRequest, query: str, found: int, package_ids: Iterable[int]) -> None:
    """Somebody looked for these words and was shown these packages, the first page of `found`."""
    _note(
        request, [Happened(Kind.SEARCH, query=query_plain(query), found=found), *impressions(package_ids, query=query)]
    )


def view_note(request: HttpRequest, package: Package) -> None:
    """Somebody opened the package's page, perhaps from results of a search."""
    things = [Happened(Kind.VIEW, package.pk)]
    query = search_of(request.headers.get("Referer", ""), request.get_host())
    if query is not None:
        things.append(Happened(Kind.CLICK, package.pk, query=query))
    _note(request, things)


def _note(request: HttpRequest, things: Iterable[Happened]) -> None:
    asked_ahead = PREFETCH in request.headers.get("Sec-Purpose", "")
    if request.method == "GET" and not asked_ahead:
        usage_note(visit_of(request), things)
