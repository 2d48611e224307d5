"""Bytes by their digest: asked of the grant, written down before the first of them, kept by caches when they may."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import connection
from django.http import HttpResponse, HttpResponseRedirect, StreamingHttpResponse

from installs.channels.delivery import delivery_of
from installs.channels.identity import viewer_bound
from installs.channels.refusals import reading
from installs.selectors.artifacts import artifact_find
from installs.services.downloads import download_record
from installs.services.grants import download_grant
from marketplace.core.errors import NotFound
from registry.models import VersionArtifact
from registry.services.artifacts import artifact_address, artifact_chunks

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from installs.services.grants import Grant
    from marketplace.domain.viewer import Viewer

SHARED = "public, max-age=300, s-maxage=31536000"
PERSONAL = "private, no-store"
REST = re.compile(r"bytes=(\d{1,18})-")
CHANNELS = {
    VersionArtifact.Role.PLUGIN: "claude",
    VersionArtifact.Role.SKILL: "skills",
    VersionArtifact.Role.MCPB: "mcpb",
}
UPDATE_CHECK = "X-Skills-Update-Check"
"""The skills CLI compares digests with it: no new install."""


@reading
def artifact(
    request: HttpRequest, *, publisher: str, name: str, number: str, sha256: str, file: str
) -> HttpResponseBase:
    """GET and HEAD of a file; raises NotFound MP3003, MP5003, NotAllowed MP5001, MP5002, MP4010 to MP4012."""
    names = {"publisher": publisher, "name": name, "number": number, "sha256": sha256, "file": file}
    return deliver(request, viewer_bound(request), **names)


def deliver(
    request: HttpRequest, viewer: Viewer, *, publisher: str, name: str, number: str, sha256: str, file: str
) -> HttpResponseBase:
    """The bytes, 206 from a position on, 304, or 302 to the store's own address.

    Raises NotFound MP3003, NotAllowed MP5001, MP5002.
    """
    found = artifact_find(f"@{publisher}/{name}", number, sha256, file)
    if found is None:
        raise NotFound("MP3003", {"name": f"@{publisher}/{name}", "number": number})
    grant = download_grant(viewer, found.version)
    if _etag(found) in request.headers.get("If-None-Match", ""):
        return _stamped(HttpResponse(status=304), found, grant)
    if request.method == "HEAD":
        return _sized(_stamped(HttpResponse(), found, grant), found, 0)
    first = _first(request, found)
    if not first and UPDATE_CHECK not in request.headers:
        channel = CHANNELS[VersionArtifact.Role(found.role)]
        download_record(version=found.version, viewer=viewer, delivery=delivery_of(request, channel))
    address = artifact_address(found.artifact, file_name=found.name, media_type=found.artifact.media_type)
    return _elsewhere(address) if address is not None else _stream(found, grant, first)


def _stream(found: VersionArtifact, grant: Grant, first: int) -> HttpResponseBase:
    """The bytes; the database connection goes back before the first of them."""
    response = StreamingHttpResponse(artifact_chunks(found.artifact, first=first), status=206 if first else 200)
    if not connection.in_atomic_block:
        connection.close()
    return _sized(_stamped(response, found, grant), found, first)


def _elsewhere(address: str) -> HttpResponse:
    """For some minutes, and for this client only."""
    response = HttpResponseRedirect(address)
    response["Cache-Control"] = PERSONAL
    return response


def _etag(found: VersionArtifact) -> str:
    return f'"{found.artifact.sha256}"'


def _stamped(response: HttpResponseBase, found: VersionArtifact, grant: Grant) -> HttpResponseBase:
    response["Content-Type"] = found.artifact.media_type
    response["ETag"] = _etag(found)
    response["Cache-Control"] = SHARED if grant.is_shared else PERSONAL
    response["Content-Disposition"] = f'attachment; filename="{found.name}"'
    response["Content-Security-Policy"] = "sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Accept-Ranges"] = "bytes"
    if grant.is_shared:
        response["Surrogate-Key"] = found.version.package.full_name
    else:
        response["Vary"] = "Authorization, Cookie"
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
