"""The file tree of a version and its viewer."""

from __future__ import annotations

import mimetypes
from functools import lru_cache
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from installs.services.grants import listing_grant, source_grant
from marketplace.core.errors import NotFound
from marketplace.services.viewers import viewer_from
from marketplace.storefront.views.package import package_head, page_number
from registry.domain.archives import read_stored
from registry.models import Version, VersionFile
from registry.selectors.packages import package_get, version_get
from registry.services.artifacts import artifact_open
from registry.services.readme import source_render

if TYPE_CHECKING:
    from django.http import HttpRequest

    from registry.domain.content import Content

VIEW_MOST = 400_000
KEPT_MOST = 4_000_000
PAGE = 200
BESIDE = 100
IMAGES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
SANDBOX = "default-src 'none'; sandbox"


@require_safe
def files(request: HttpRequest, publisher: str, name: str, number: str) -> HttpResponse:
    """Every file of the version."""
    found = package_get(viewer_from(request), publisher, name)
    version = version_get(viewer_from(request), found, number)
    listing_grant(viewer_from(request), version)
    page = page_number(request.GET.get("page", ""))
    rows = list(version.files.all()[(page - 1) * PAGE : page * PAGE + 1])
    context = package_head(request, found, version) | {
        "tab": "files",
        "files": rows[:PAGE],
        "next_page": page + 1 if len(rows) > PAGE else None,
        "previous_page": page - 1 if page > 1 else None,
    }
    return render(request, "registry/files.html", context)


@require_safe
def file(request: HttpRequest, publisher: str, name: str, number: str, path: str) -> HttpResponse:
    """One file: highlighted, or as it is with `?raw=1` (never run by a browser: attachment, sandboxed)."""
    found = package_get(viewer_from(request), publisher, name)
    version = version_get(viewer_from(request), found, number)
    source_grant(viewer_from(request), version)
    row = version.files.filter(path=path).first()
    if row is None:
        raise NotFound("MP9001")
    data = content_of(version)[path].data
    if "raw" in request.GET or (
        mimetypes.guess_type(path)[0] in IMAGES and "text/html" not in request.headers.get("Accept", "")
    ):
        return _raw(row, data)
    is_shown = row.is_text and row.size <= VIEW_MOST
    beside = list(version.files.all()[: BESIDE + 1])
    context = package_head(request, found, version) | {
        "tab": "files",
        "files": beside[:BESIDE],
        "has_more": len(beside) > BESIDE,
        "file": row,
        "source": source_render(path, data.decode("utf-8", errors="replace")) if is_shown else "",
    }
    return render(request, "registry/file.html", context)


def _raw(row: VersionFile, data: bytes) -> HttpResponse:
    media_type = mimetypes.guess_type(row.path)[0] or ""
    is_image = media_type in IMAGES
    answer = HttpResponse(data, content_type=media_type if is_image else "application/octet-stream")
    file_name = row.path.rsplit("/", 1)[-1].encode("ascii", "replace").decode().replace('"', "")
    answer.headers["Content-Disposition"] = f'{"inline" if is_image else "attachment"}; filename="{file_name}"'
    answer.headers["Content-Security-Policy"] = SANDBOX
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def content_of(version: Version) -> Content:
    """The version's files; the last few small ones are kept in memory (bytes never change under a digest)."""
    if version.unpacked_size > KEPT_MOST:
        return _read(version)
    return _kept(version.source.sha256, version.pk)


@lru_cache(maxsize=8)
def _kept(_sha256: str, version_id: int) -> Content:
    return _read(Version.objects.select_related("source").get(pk=version_id))


def _read(version: Version) -> Content:
    with artifact_open(version.source) as stream:
        return read_stored(stream)
