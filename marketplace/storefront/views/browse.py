"""Categories and tags: results with a name of their own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from marketplace.core.errors import NotFound
from marketplace.storefront.views.search import results_page
from registry.models import Package
from registry.selectors.facets import facets
from registry.selectors.overview import overview

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def categories(request: HttpRequest) -> HttpResponse:
    """Every category that has packages, and the tags that occur most."""
    counts = overview().categories
    rows = [(value, label, counts[value]) for value, label in Package.Category.choices if value in counts]
    tags = facets(query="", chosen={}).counts["tag"]
    return render(request, "storefront/categories.html", {"categories": rows, "tags": list(tags.items())})


@require_safe
def category(request: HttpRequest, slug: str) -> HttpResponse:
    """The packages of one category; raises NotFound MP9001."""
    if slug not in Package.Category.values:
        raise NotFound("MP9001")
    label = str(Package.Category(slug).label)
    return results_page(request, {"category": slug}, heading=label, feed=reverse("feed", args=[slug, "atom"]))


@require_safe
def tag(request: HttpRequest, name: str) -> HttpResponse:
    """The packages with one tag."""
    return results_page(request, {"tag": name.lower()}, heading=_("Tagged “%(tag)s”") % {"tag": name}, feed="")
