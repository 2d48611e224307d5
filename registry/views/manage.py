"""What maintainers do with their versions on the site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core.errors import MarketplaceError, NotFound
from marketplace.services.viewers import viewer_from
from registry.selectors.packages import package_get, version_get
from registry.services.lifecycle import version_deprecate, version_restore, version_unpublish, version_yank

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


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
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Done: %(act)s %(number)s.") % {"act": act, "number": number})
    return redirect("package-versions", publisher=publisher, name=name)
