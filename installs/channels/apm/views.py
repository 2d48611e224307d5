"""Three addresses of apm's registry API; refusals are problem details (RFC 7807) with our sentence."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from installs.channels.delivery import delivery_of
from installs.channels.identity import secret_of, viewer_bound
from installs.channels.npm.answers import AuthenticationNeeded
from installs.channels.parcels import PERSONAL, Parcel, parcel_answer
from installs.domain.npm import iso
from installs.selectors.apm import archive_find, archives_listed
from installs.services.apm_publish import apm_publish
from installs.services.downloads import download_record
from installs.services.grants import download_grant
from marketplace.core.codes import fix, sentence
from marketplace.core.errors import MarketplaceError, TooLarge
from marketplace.core.rates import Rate
from marketplace.core.temporary import temporary_file
from registry.selectors.packages import package_get

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from installs.services.grants import Grant

    View = Callable[..., HttpResponseBase]

ZIP = "application/zip"
CHUNK = 1 << 18
WRITES = Rate("apm-write", 120)
SHARED = "public, max-age=60"


def method(*allowed: str) -> Callable[[View], View]:
    """A view of these methods; others are 405, and every refusal is a problem that nobody keeps.

    Writing asks for a secret in the request, never for a browser's session: there is nothing for CSRF to ride on.
    """

    def wrapped(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def guarded(request: HttpRequest, **parts: str) -> HttpResponseBase:
            if request.method not in allowed:
                response = _problem("MP9007", {"method": request.method}, 405)
                response["Allow"] = ", ".join(allowed)
                return response
            try:
                return view(request, **parts)
            except MarketplaceError as error:
                return _problem(error.code, error.params, error.status, error.headers)

        return guarded

    return wrapped


@method("GET", "HEAD")
def versions(request: HttpRequest, publisher: str, name: str) -> HttpResponseBase:
    """What this viewer may install, newest first; raises NotFound MP3002, NotAllowed MP4010 to MP4012."""
    viewer = viewer_bound(request)
    rows = archives_listed(viewer, package_get(viewer, publisher, name))
    told = [
        {
            "version": row.version.number,
            "digest": f"sha256:{row.artifact.sha256}",
            "published_at": iso(row.version.published_at) if row.version.published_at else "",
        }
        for row in rows
    ]
    response = JsonResponse({"versions": told})
    response["Cache-Control"] = SHARED if viewer.is_anonymous else PERSONAL
    response["Vary"] = "Authorization, Cookie"
    return response


@method("GET", "HEAD")
def download(request: HttpRequest, publisher: str, name: str, number: str) -> HttpResponseBase:
    """The plugin zip, always from here: these clients follow no redirect. Raises as `download_grant` does."""
    viewer = viewer_bound(request)
    found = archive_find(f"@{publisher}/{name}", number)
    grant = download_grant(viewer, found.version)
    parcel = Parcel(found, ZIP, _headers(grant), is_ours=True)
    delivery = delivery_of(request, "apm")
    return parcel_answer(
        request, parcel, lambda: download_record(version=found.version, viewer=viewer, delivery=delivery)
    )


@method("PUT")
def version(request: HttpRequest, publisher: str, name: str, number: str) -> HttpResponseBase:
    """Publish an archive under this number; 201. Raises as `apm_publish` does."""
    if not secret_of(request):
        raise AuthenticationNeeded("MP4010")
    by = viewer_bound(request)
    WRITES.spend(f"user:{by.user_id}")
    with temporary_file() as stream:
        _copy(request, stream)
        made = apm_publish(publisher=publisher, name=name, number=number, stream=stream, by=by)
    told = {"package": f"{publisher}/{name}", "version": made.number, "digest": f"sha256:{made.source.sha256}"}
    return JsonResponse(told | {"published_at": iso(made.received_at)}, status=201)


def _copy(request: HttpRequest, stream: BinaryIO) -> None:
    """The body, as far as an upload may be; raises TooLarge MP9005."""
    size = 0
    while chunk := request.read(CHUNK):
        size += len(chunk)
        if size > settings.UPLOAD_MAX_BYTES:
            raise TooLarge("MP9005", {"limit": settings.UPLOAD_MAX_BYTES})
        stream.write(chunk)


def _headers(grant: Grant) -> dict[str, str]:
    if grant.is_shared:
        return {"Cache-Control": SHARED}
    return {"Cache-Control": PERSONAL, "Vary": "Authorization, Cookie"}


def _problem(
    code: str, params: dict[str, object], status: int, headers: Mapping[str, str] | None = None
) -> JsonResponse:
    told = {
        "type": "about:blank",
        "title": sentence(code, params),
        "detail": fix(code, params),
        "status": status,
        "code": code,
    }
    response = JsonResponse(told, status=status, content_type="application/problem+json", headers=headers)
    response["Cache-Control"] = "private, no-store"
    return response
