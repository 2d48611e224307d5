"""What maintainers do with their versions on the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from marketplace.core.errors import MarketplaceError, NotFound
from marketplace.services.viewers import viewer_from
from registry.domain.pictures import SCREENSHOTS_MOST, Kind
from registry.selectors.packages import is_maintainer, package_get, version_get
from registry.selectors.pictures import pictures_of
from registry.services.lifecycle import version_deprecate, version_restore, version_unpublish, version_yank
from registry.services.listing import listing_change
from registry.views.listing_form import ListingForm

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def listing_edit(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """What the listing says beside its files; raises NotFound MP3002, also for who may not change it."""
    viewer = viewer_from(request)
    package = package_get(viewer, publisher, name)
    if not is_maintainer(viewer, package):
        raise NotFound("MP3002", {"name": package.full_name})
    form = ListingForm(request.POST or None, initial=ListingForm.initial_of(package))
    if request.method == "POST" and form.is_valid():
        listing_change(package=package, by=viewer, listing=form.listing())
        messages.success(request, _("The listing is saved."))
        return redirect("package", publisher=publisher, name=name)
    status = 422 if form.is_bound else 200
    pictures = list(pictures_of(package))
    context = {
        "package": package,
        "form": form,
        "icon_picture": next((picture for picture in pictures if picture.kind == Kind.ICON), None),
        "screenshots": [picture for picture in pictures if picture.kind == Kind.SCREENSHOT],
        "screenshots_most": SCREENSHOTS_MOST,
    }
    return render(request, "registry/listing.html", context, status=status)


@login_required
@require_POST
def version_act(request: HttpRequest, publisher: str, name: str, number: str, act: str) -> HttpResponse:
    """Yank, restore, deprecate or unpublish one version; says what happened and returns to the list."""
    package = package_get(viewer_from(request), publisher, name)
    version = version_get(viewer_from(request), package, number)
    reason = request.POST.get("reason", "").strip()[:300]
    acts = {
        "yank": lambda: version_yank(version=version, by=viewer_from(request), reason=reason),
        "restore": lambda: version_restore(version=version, by=viewer_from(request)),
        "deprecate": lambda: version_deprecate(version=version, message=reason, by=viewer_from(request)),
        "unpublish": lambda: version_unpublish(version=version, by=viewer_from(request)),
    }
    if act not in acts:
        raise NotFound("MP9001")
    try:
        acts[act]()
    except MarketplaceError as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, refusal.in_full)
    else:
        messages.success(request, _("Done: %(act)s %(number)s.") % {"act": act, "number": number})
    return redirect("package-versions", publisher=publisher, name=name)
