"""The first page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.services.viewers import viewer_from
from marketplace.storefront.rows import rows_of
from registry.models import Package
from registry.selectors.search import counts_by_kind, packages_in_order, search

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SHOWN = 6


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search, the kinds with their counts, what is new and what has changed."""
    newest = search(query="", filters={}, sort="newest", offset=0, size=SHOWN)
    updated = search(query="", filters={}, sort="updated", offset=0, size=SHOWN)
    counts = counts_by_kind()
    context = {
        "counts": counts,
        "total": sum(counts.values()),
        "kinds": [(value, label, counts.get(value, 0)) for value, label in Package.Kind.choices],
        "newest": rows_of(packages_in_order(viewer_from(request), newest.ids)),
        "updated": rows_of(packages_in_order(viewer_from(request), updated.ids)),
    }
    return render(request, "storefront/home.html", context)
