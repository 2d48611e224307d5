"""A publisher's console: packages, what waits, versions with their findings."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from installs.selectors.numbers import numbers_of, numbers_together
from marketplace.core.errors import NotFound
from marketplace.services.viewers import viewer_from
from marketplace.storefront.findings import finding_rows
from marketplace.storefront.views.package import page_number
from payments.selectors.sales import packages_sold_by
from payments.services.switch import is_selling
from registry.selectors.console import drafts_of, packages_in_console, versions_waiting
from registry.selectors.packages import is_maintainer, package_get, packages_maintained_by, publishers_of, versions_of
from reviews.selectors.cases import cases_about

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

PAGE = 50
VERSIONS = 20
WAITING = 20
DRAFTS = 10
COUNTED = 2000
SPAN = 30


@login_required
@require_safe
def console(request: HttpRequest) -> HttpResponse:
    """What waits, the numbers of thirty days, and every package that the viewer maintains, fifty a page."""
    viewer = viewer_from(request)
    page = page_number(request.GET.get("page", ""))
    rows = list(packages_in_console(viewer)[(page - 1) * PAGE : page * PAGE + 1])
    today = timezone.now().date()
    keys = list(packages_maintained_by(viewer).order_by("pk").values_list("pk", flat=True)[:COUNTED])
    sums = numbers_of(keys, first=today - timedelta(days=SPAN - 1), last=today)
    earlier = numbers_of(keys, first=today - timedelta(days=2 * SPAN - 1), last=today - timedelta(days=SPAN))
    waiting = list(versions_waiting(viewer)[:WAITING])
    cases = {case.version_id: case for case in cases_about([version.package_id for version in waiting])}
    context = {
        "rows": [(package, sums.get(package.pk)) for package in rows[:PAGE]],
        "sums": numbers_together(sums.values()) if keys else None,
        "earlier": numbers_together(earlier.values()),
        "waiting": [(version, cases.get(version.pk)) for version in waiting],
        "drafts": list(drafts_of(viewer)[:DRAFTS]),
        "publishers": list(publishers_of(viewer)),
        "count": packages_maintained_by(viewer).count(),
        "sells_here": is_selling() and packages_sold_by(viewer).exists(),
        "next_page": page + 1 if len(rows) > PAGE else None,
        "previous_page": page - 1 if page > 1 else None,
        "section": "console",
    }
    return render(request, "storefront/console.html", context)


@login_required
@require_safe
def package(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """The versions of one package with state and findings, twenty a page; raises NotFound MP3002."""
    viewer = viewer_from(request)
    found = own_package(viewer, publisher, name)
    page = page_number(request.GET.get("page", ""))
    versions = versions_of(viewer, found).prefetch_related("findings")
    rows = list(versions[(page - 1) * VERSIONS : page * VERSIONS + 1])
    cases = {case.version_id: case for case in cases_about([found.pk])}
    context = {
        "package": found,
        "tab": "console",
        "rows": [(row, finding_rows(row.findings.all()), cases.get(row.pk)) for row in rows[:VERSIONS]],
        "next_page": page + 1 if len(rows) > VERSIONS else None,
        "previous_page": page - 1 if page > 1 else None,
        "section": "console",
    }
    return render(request, "storefront/console_package.html", context)


def own_package(viewer: Viewer, publisher: str, name: str) -> Package:
    """A package that the viewer maintains; raises NotFound MP3002 for any other."""
    found = package_get(viewer, publisher, name)
    if not is_maintainer(viewer, found):
        raise NotFound("MP3002", {"name": found.full_name})
    return found
