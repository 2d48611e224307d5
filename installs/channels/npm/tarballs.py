"""Tarballs, byte for byte: asked of the grant, written down before the first byte, kept by caches for good."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse

from installs.domain.npm_names import tarball_number
from installs.selectors.documents import tarball_find
from installs.services.downloads import Delivery, download_record
from installs.services.grants import download_grant
from marketplace.core.errors import NotFound
from registry.services.artifacts import artifact_address, artifact_chunks

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from installs.channels.npm.call import Call
    from installs.services.grants import Grant
    from registry.models import VersionArtifact

MEDIA_TYPE = "application/octet-stream"
SHARED = "public, max-age=31536000, immutable"
PERSONAL = "private, no-store"
REST = re.compile(r"bytes=(\d{1,18})-")


def tarball(call: Call) -> HttpResponseBase:
    """GET and HEAD: the bytes, 206 from a position on, 304, or 302 to the store's own address.

    Raises NotFound MP3003, NotAllowed MP5001, MP5002.
    """
    request, file = call.request, call.parts["file"]
    number = tarball_number(call.name, file)
    found = tarball_find(call.full_name, number) if number else None
    if found is None:
        raise NotFound("MP3003", {"name": call.full_name, "number": (number or file)[:128]})
    grant = download_grant(call.viewer, found.version)
    if _etag(found) in request.headers.get("If-None-Match", ""):
        return _stamped(HttpResponse(status=304), found, grant)
    if request.method == "HEAD":
        return _sized(_stamped(HttpResponse(content_type=MEDIA_TYPE), found, grant), found, 0)
    first = _first(request, found)
    if not first:
        delivery = Delivery("npm", request.headers.get("User-Agent", ""), request.META.get("REMOTE_ADDR", ""))
        download_record(version=found.version, viewer=call.viewer, delivery=delivery)
    address = artifact_address(found.artifact, file_name=found.name, media_type=MEDIA_TYPE)
    return _elsewhere(address) if address is not None else _stream(found, grant, first)


def _stream(found: VersionArtifact, grant: Grant, first: int) -> HttpResponseBase:
    """The bytes; the database connection goes back before the first of them."""
    chunks = artifact_chunks(found.artifact, first=first)
    response = StreamingHttpResponse(chunks, status=206 if first else 200, content_type=MEDIA_TYPE)
    if not connection.in_atomic_block:
        connection.close()
    return _sized(_stamped(response, found, grant), found, first)


def _elsewhere(address: str) -> HttpResponse:
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = PERSONAL
    return response


def _etag(found: VersionArtifact) -> str:
    return f'"{found.artifact.sha256}"'


def _stamped(response: HttpResponseBase, found: VersionArtifact, grant: Grant) -> HttpResponseBase:
    response["ETag"] = _etag(found)
    response["Cache-Control"] = SHARED if grant.is_shared else PERSONAL
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["Content-Security-Policy"] = "sandbox"
    response["Accept-Ranges"] = "bytes"
    if not grant.is_shared:
        response["Vary"] = "Authorization"
    return response


def _sized(response: HttpResponseBase, found: VersionArtifact, first: int) -> HttpResponseBase:
    size = found.artifact.size
    response["Content-Length"] = str(size - first)
    if first:
        response["Content-Range"] = f"bytes {first}-{size - 1}/{size}"
    return response


def _first(request: HttpRequest, found: VersionArtifact) -> int:
    """From which byte on: other ranges than `bytes=N-`, and those of other bytes, get the whole (RFC 9110 §14.2)."""
    match = REST.fullmatch(request.headers.get("Range", ""))
    condition = request.headers.get("If-Range")
    if match is None or (condition is not None and condition != _etag(found)):
        return 0
    first = int(match[1])
    return first if first < found.artifact.size else 0
