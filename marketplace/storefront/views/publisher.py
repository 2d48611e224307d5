"""A publisher's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.domain.roles import Permission
from marketplace.services.viewers import viewer_from
from marketplace.storefront.rows import rows_of
from marketplace.storefront.views.noting import list_note
from registry.selectors.following import is_following
from registry.selectors.packages import packages_visible_to, publisher_get
from registry.selectors.proofs import proofs_shown
from registry.services.access import owns

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 50


@require_safe
def publisher(request: HttpRequest, name: str) -> HttpResponse:
    """The packages that the viewer may see, most recently changed first."""
    found = publisher_get(name)
    after = request.GET.get("page", "")
    page = int(after) if after.isdecimal() and int(after[:6]) > 0 else 1
    packages = packages_visible_to(viewer_from(request)).filter(publisher=found).order_by("-updated_at", "-pk")
    shown = list(packages[(page - 1) * PAGE : page * PAGE + 1])
    list_note(request, [package.pk for package in shown[:PAGE]])
    context = {
        "publisher": found,
        "rows": rows_of(shown[:PAGE]),
        "count": packages.count(),
        "proofs": list(proofs_shown(found)),
        "may_prove": owns(viewer_from(request), found, Permission.MANAGE),
        "next_page": page + 1 if len(shown) > PAGE else None,
        "is_following": is_following(viewer_from(request), publisher=found),
        "previous_page": page - 1 if page > 1 else None,
    }
    return render(request, "registry/publisher.html", context)
