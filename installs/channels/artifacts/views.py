"""Bytes by their digest: asked of the grant, written down before the first of them, kept by caches when they may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.channels.delivery import delivery_of
from installs.channels.documents.kept import keep
from installs.channels.identity import viewer_bound
from installs.channels.parcels import PERSONAL, Parcel, parcel_answer
from installs.channels.refusals import reading
from installs.selectors.artifacts import artifact_find
from installs.services.downloads import CHANNELS, Item, download_record
from installs.services.grants import download_grant
from marketplace.core.errors import NotFound
from marketplace.domain.viewer import ANONYMOUS
from registry.models import VersionArtifact

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from installs.services.grants import Grant
    from marketplace.domain.viewer import Viewer

SHARED = "public, max-age=300, s-maxage=31536000"
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
    parcel = Parcel(found, found.artifact.media_type, _headers(grant))
    channel = CHANNELS[VersionArtifact.Role(found.role)]
    if grant.is_shared and viewer == ANONYMOUS:
        keep(request, grant.version.package.full_name, Item(found.version.package_id, found.version_id, channel))

    def record() -> None:
        if UPDATE_CHECK not in request.headers:
            download_record(version=found.version, viewer=viewer, delivery=delivery_of(request, channel))

    return parcel_answer(request, parcel, record)


def _headers(grant: Grant) -> dict[str, str]:
    """Shared caches keep what is everybody's under the package's name, by which it is purged."""
    if grant.is_shared:
        return {"Cache-Control": SHARED, "Surrogate-Key": grant.version.package.full_name}
    return {"Cache-Control": PERSONAL, "Vary": "Authorization, Cookie"}
