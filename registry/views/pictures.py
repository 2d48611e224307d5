"""Pictures of a listing: their bytes for everybody who sees the package, and what its maintainers do with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseNotModified
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.core.errors import MarketplaceError, NotFound
from marketplace.services.viewers import viewer_from
from registry.domain.collections import Step
from registry.domain.pictures import MEDIA_TYPE, Kind
from registry.selectors.packages import is_maintainer, package_get
from registry.selectors.pictures import picture_by_digest
from registry.services.artifacts import artifact_chunks
from registry.services.pictures import picture_add, picture_change, picture_remove

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest

    from registry.models import Package

SHARED = "public, max-age=300"
PERSONAL = "private, no-store"


@require_safe
def picture(request: HttpRequest, publisher: str, name: str, sha256: str) -> HttpResponse:
    """The bytes, at most some hundred kilobytes, that a browser shows and does nothing else with.

    Raises NotFound MP3002, MP3094.
    """
    package = package_get(viewer_from(request), publisher, name)
    found = picture_by_digest(package, sha256)
    etag = f'"{sha256}"'
    if etag in request.headers.get("If-None-Match", ""):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        answer = HttpResponse(b"".join(artifact_chunks(found.artifact)), content_type=MEDIA_TYPE)
    answer["ETag"] = etag
    answer["Cache-Control"] = PERSONAL if package.is_private else SHARED
    answer["Content-Disposition"] = f'inline; filename="{found.kind}.webp"'
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_POST
def picture_new(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Add a screenshot, or set the icon; raises NotFound MP3002, also for who may not change the listing."""
    package, viewer = _own(request, publisher, name), viewer_from(request)
    file, kind = request.FILES.get("file"), request.POST.get("kind", "")
    if kind not in set(Kind):
        raise NotFound("MP9001")
    if file is None or file.file is None:
        messages.error(request, _("Choose a file first."))
    else:
        stream, alt = file.file, request.POST.get("alt", "").replace("\0", "")
        said = _("The icon is set.") if kind == Kind.ICON else _("The screenshot is there.")
        _tried(request, lambda: picture_add(package=package, kind=Kind(kind), stream=stream, alt=alt, by=viewer), said)
    return _back(publisher, name)


@login_required
@require_POST
def picture_act(request: HttpRequest, publisher: str, name: str, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """`do`: move it (top, up, down), write its `alt`, or remove it; raises NotFound MP3002, MP3094, MP9001."""
    package, viewer = _own(request, publisher, name), viewer_from(request)
    act = request.POST.get("do", "")
    if act in set(Step):
        picture_change(package=package, id=id, step=Step(act), by=viewer)
    elif act == "alt":
        alt = request.POST.get("alt", "").replace("\0", "")
        _tried(request, lambda: picture_change(package=package, id=id, alt=alt, by=viewer), _("Saved."))
    elif act == "remove":
        picture_remove(package=package, id=id, by=viewer)
        messages.success(request, _("The picture is gone."))
    else:
        raise NotFound("MP9001")
    return _back(publisher, name)


def _own(request: HttpRequest, publisher: str, name: str) -> Package:
    package = package_get(viewer_from(request), publisher, name)
    if not is_maintainer(viewer_from(request), package):
        raise NotFound("MP3002", {"name": package.full_name})
    return package


def _tried(request: HttpRequest, act: Callable[[], object], said: str) -> None:
    try:
        act()
    except MarketplaceError as refusal:
        messages.error(request, refusal.in_full)
    else:
        messages.success(request, said)


def _back(publisher: str, name: str) -> HttpResponse:
    return redirect(f"{reverse('listing-edit', args=[publisher, name])}#pictures")
