"""Tarballs, byte for byte: asked of the grant, written down before the first byte, kept by caches for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.channels.delivery import delivery_of
from installs.channels.documents.kept import keep
from installs.channels.parcels import PERSONAL, Parcel, parcel_answer
from installs.domain.npm_names import tarball_number
from installs.selectors.documents import tarball_find
from installs.services.downloads import Item, download_record
from installs.services.grants import download_grant
from marketplace.core.errors import NotFound
from marketplace.domain.viewer import ANONYMOUS

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from installs.channels.npm.call import Call
    from installs.services.grants import Grant

MEDIA_TYPE = "application/octet-stream"
SHARED = "public, max-age=31536000, immutable"


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
    parcel = Parcel(found, MEDIA_TYPE, _headers(grant))
    delivery = delivery_of(request, "npm")
    if grant.is_shared and call.viewer == ANONYMOUS:
        keep(request, call.full_name, Item(found.version.package_id, found.version_id, "npm"))
    return parcel_answer(
        request, parcel, lambda: download_record(version=found.version, viewer=call.viewer, delivery=delivery)
    )


def _headers(grant: Grant) -> dict[str, str]:
    """A number's bytes never change, so clients keep them for good."""
    if grant.is_shared:
        return {"Cache-Control": SHARED}
    return {"Cache-Control": PERSONAL, "Vary": "Authorization"}
