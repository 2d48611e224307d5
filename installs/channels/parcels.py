"""Stored bytes as an HTTP answer: whole, from a position on, unchanged, or at the store's own address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse

from registry.services.artifacts import artifact_address, artifact_chunks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from registry.models import VersionArtifact

PERSONAL = "private, no-store"
REST = re.compile(r"bytes=(\d{1,18})-")


@dataclass(frozen=True, slots=True)
class Parcel:
    """A file that was granted, its media type, and what caches and browsers are told of it.

    `is_ours` is for clients that follow no redirect: the bytes come from here wherever they are stored.
    """

    found: VersionArtifact
    media_type: str
    headers: Mapping[str, str]
    is_ours: bool = False

    @property
    def etag(self) -> str:
        """The strong validator: the bytes' SHA-256."""
        return f'"{self.found.artifact.sha256}"'


def parcel_answer(request: HttpRequest, parcel: Parcel, record: Callable[[], None]) -> HttpResponseBase:
    """GET and HEAD: 200, 206 from a position on, 304, or 302; `record` is called before the first byte of a delivery.

    The rest of a file that was begun is no delivery of its own.
    """
    if parcel.etag in request.headers.get("If-None-Match", ""):
        return _stamped(HttpResponse(status=304), parcel)
    if request.method == "HEAD":
        return _sized(_stamped(HttpResponse(content_type=parcel.media_type), parcel), parcel, 0)
    first = _first(request, parcel)
    if not first:
        record()
    found = parcel.found
    address = None
    if not parcel.is_ours:
        address = artifact_address(found.artifact, file_name=found.name, media_type=parcel.media_type)
    return _elsewhere(address) if address is not None else _stream(parcel, first)


def _stream(parcel: Parcel, first: int) -> HttpResponseBase:
    """The bytes; the database connection goes back before the first of them."""
    chunks = artifact_chunks(parcel.found.artifact, first=first)
    response = StreamingHttpResponse(chunks, status=206 if first else 200, content_type=parcel.media_type)
    if not connection.in_atomic_block:
        connection.close()
    return _sized(_stamped(response, parcel), parcel, first)


def _elsewhere(address: str) -> HttpResponse:
    """For some minutes, and for this client only."""
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = PERSONAL
    return response


def _stamped(response: HttpResponseBase, parcel: Parcel) -> HttpResponseBase:
    response["ETag"] = parcel.etag
    response["Content-Disposition"] = f'attachment; filename="{parcel.found.name}"'
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Accept-Ranges"] = "bytes"
    for name, value in parcel.headers.items():
        response[name] = value
    return response


def _sized(response: HttpResponseBase, parcel: Parcel, first: int) -> HttpResponseBase:
    size = parcel.found.artifact.size
    response["Content-Length"] = str(size - first)
    if first:
        response["Content-Range"] = f"bytes {first}-{size - 1}/{size}"
    return response


def _first(request: HttpRequest, parcel: Parcel) -> int:
    """From which byte on: other ranges than `bytes=N-`, and those of other bytes, get the whole (RFC 9110 §14.2)."""
    match = REST.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    if match is None or (condition is not None and condition != parcel.etag):
        return 0
    first = int(match[1])
    return first if first < parcel.found.artifact.size else 0
