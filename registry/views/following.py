"""Follow and stop following."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.services.viewers import viewer_from
from registry.selectors.collections import collection_get
from registry.selectors.following import collections_followed, packages_followed, publishers_followed
from registry.selectors.packages import package_get, publisher_get
from registry.services.following import follow_set

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 200


@login_required
@require_safe
def following(request: HttpRequest) -> HttpResponse:
    """What the viewer follows."""
    viewer = viewer_from(request)
    context = {
        "packages": packages_followed(viewer)[:SHOWN],
        "publishers": publishers_followed(viewer)[:SHOWN],
        "collections": collections_followed(viewer)[:SHOWN],
    }
    return render(request, "registry/following.html", context)


@login_required
@require_POST
def follow_package(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Follow the package, or stop with `stop`; raises NotFound MP3002."""
    package = package_get(viewer_from(request), publisher, name)
    wanted = "stop" not in request.POST
    follow_set(by=viewer_from(request), wanted=wanted, package=package)
    _say(request, package.full_name, wanted=wanted)
    return redirect("package", publisher=publisher, name=name)


@login_required
@require_POST
def follow_publisher(request: HttpRequest, name: str) -> HttpResponse:
    """Follow the publisher, or stop with `stop`; raises NotFound MP3001."""
    publisher = publisher_get(name)
    wanted = "stop" not in request.POST
    follow_set(by=viewer_from(request), wanted=wanted, publisher=publisher)
    _say(request, f"@{name}", wanted=wanted)
    return redirect("publisher", name=name)


@login_required
@require_POST
def follow_collection(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow the collection, or stop with `stop`; raises NotFound MP3080."""
    collection = collection_get(viewer_from(request), slug)
    wanted = "stop" not in request.POST
    follow_set(by=viewer_from(request), wanted=wanted, collection=collection)
    if wanted:
        said = _("You follow “%(name)s”: what it gains is among your notices.")
        messages.success(request, said % {"name": collection.title})
    else:
        _say(request, f"“{collection.title}”", wanted=False)
    return redirect("collection", slug=slug)


def _say(request: HttpRequest, name: str, *, wanted: bool) -> None:
    if wanted:
        messages.success(request, _("You follow %(name)s: its new versions are among your notices.") % {"name": name})
    else:
        messages.success(request, _("You no longer follow %(name)s.") % {"name": name})
