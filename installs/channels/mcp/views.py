"""`/v0.1/servers`, as MCP clients and mirrors ask it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from installs.channels.refusals import reading
from installs.domain.mcp_registry import entry, parsed_name, prefix_of
from installs.selectors.mcp_registry import Wanted, listed, listings, version_named, versions_named
from marketplace.core import cursors
from marketplace.core.errors import Invalid, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from installs.domain.mcp_registry import Listing

SIZE = 30
SIZE_MOST = 100
CORS = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}


def shared(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """A view that pages of any origin may read, and ask whether they may."""
    guarded = reading(view)

    @csrf_exempt
    def opened(request: HttpRequest, **parts: str) -> HttpResponseBase:
        response = HttpResponse(status=204) if request.method == "OPTIONS" else guarded(request, **parts)
        for name, value in CORS.items():
            response[name] = value
        return response

    return opened


@shared
def servers(request: HttpRequest) -> HttpResponse:
    """A page of servers: `search`, `version=latest`, `updated_since` (with tombstones), `limit`, `cursor`.

    Raises Invalid MP9004 for a moment that cannot be read, MP9012 for a cursor that is none of ours.
    """
    asked = request.GET
    size = _size(asked.get("limit", ""))
    version = asked.get("version", "")
    if version not in {"", "latest"}:
        raise Invalid("MP9004", {"reason": "version is latest or nothing"})
    wanted = Wanted(
        words=asked.get("search", "").strip(),
        is_latest=version == "latest",
        updated_since=_moment(asked.get("updated_since", "")),
        after=_after(asked.get("cursor", "")),
    )
    found, last = listed(wanted, size)
    return _page(found, cursors.encode({"name": last[0], "key": last[1]}) if last else "")


@shared
def versions(_request: HttpRequest, name: str) -> HttpResponse:
    """The versions of one server; raises NotFound MP3002."""
    return _page(listings(versions_named(_full_name(name))))


@shared
def version(_request: HttpRequest, name: str, number: str) -> HttpResponse:
    """One version of a server; raises NotFound MP3002, MP3003."""
    (listing,) = listings([version_named(_full_name(name), number)])
    return _kept(JsonResponse(entry(listing, prefix=_prefix())))


def _page(found: list[Listing], cursor: str = "") -> HttpResponse:
    entries = [entry(listing, prefix=_prefix()) for listing in found]
    metadata: dict[str, Any] = {"count": len(entries)} | ({"nextCursor": cursor} if cursor else {})
    return _kept(JsonResponse({"servers": entries, "metadata": metadata}))


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "public, max-age=60"
    return response


def _prefix() -> str:
    return prefix_of(urlsplit(settings.BASE_URL).hostname or "localhost")


def _full_name(name: str) -> str:
    parts = parsed_name(_prefix(), name)
    if parts is None:
        raise NotFound("MP3002", {"name": name[:200]})
    return "@{}/{}".format(*parts)


def _size(text: str) -> int:
    return min(max(int(text), 1), SIZE_MOST) if text.isdecimal() and len(text) <= 4 else SIZE  # noqa: PLR2004


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Invalid("MP9004", {"reason": "updated_since is not a moment (RFC 3339)"}) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _after(cursor: str) -> tuple[str, str] | None:
    if not cursor:
        return None
    position = cursors.decode(cursor)
    return str(position.get("name", "")), str(position.get("key", ""))
