"""A document as an HTTP answer: validators, encoding, what caches may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.utils.http import http_date, parse_http_date_safe

if TYPE_CHECKING:
    from django.http import HttpRequest

    from installs.domain.npm import Form
    from installs.models import Document
    from installs.services.documents import Rendered

VARY = "Accept, Accept-Encoding, Authorization"
SHARED = "public, max-age=30"
PERSONAL = "private, no-cache"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What validates a document: its digest (hex), the Unix time of its last change; how it is typed and kept."""

    etag: str
    modified: int
    media_type: str
    cache_control: str


def stamp_of(document: Document | Rendered, form: Form, cache_control: str) -> Stamp:
    """The stamp of a stored or just rendered packument."""
    return Stamp(document.etag, int(document.modified_at.timestamp()), form.media_type, cache_control)


def is_current(request: HttpRequest, stamp: Stamp) -> bool:
    """Whether the client has this document already (RFC 9110 §13.2.2: If-None-Match first, then If-Modified-Since)."""
    known = request.META.get("HTTP_IF_NONE_MATCH")
    if known:
        tags = {tag.strip().removeprefix("W/").strip('"').removesuffix("-gzip") for tag in known.split(",")}
        return stamp.etag in tags or "*" in tags
    since = request.META.get("HTTP_IF_MODIFIED_SINCE")
    moment = parse_http_date_safe(since) if since else None
    return moment is not None and stamp.modified <= moment


def current(request: HttpRequest, stamp: Stamp) -> HttpResponse:
    """304."""
    response = HttpResponse(status=304)
    del response["Content-Type"]
    return _stamped(response, stamp, is_packed=_takes_gzip(request))


def whole(request: HttpRequest, stamp: Stamp, body: bytes, packed: bytes) -> HttpResponse:
    """200 with the plain or the gzip form, as the client accepts; without a body for HEAD."""
    is_packed = _takes_gzip(request)
    sent = packed if is_packed else body
    response = HttpResponse(b"" if request.method == "HEAD" else sent, content_type=stamp.media_type)
    response["Content-Length"] = str(len(sent))
    if is_packed:
        response["Content-Encoding"] = "gzip"
    return _stamped(response, stamp, is_packed=is_packed)


def _stamped(response: HttpResponse, stamp: Stamp, *, is_packed: bool) -> HttpResponse:
    """Encodings differ in their bytes, so in their strong ETags."""
    response["ETag"] = f'"{stamp.etag}-gzip"' if is_packed else f'"{stamp.etag}"'
    response["Last-Modified"] = http_date(stamp.modified)
    response["Cache-Control"] = stamp.cache_control
    response["Vary"] = VARY
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _takes_gzip(request: HttpRequest) -> bool:
    accepted = request.META.get("HTTP_ACCEPT_ENCODING", "").replace(" ", "")
    return any(part.split(";q=")[0] == "gzip" and not part.endswith((";q=0", ";q=0.0")) for part in accepted.split(","))
