"""Reporting something, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.core.errors import MarketplaceError, NotFound
from marketplace.services.viewers import viewer_from
from registry.selectors.collections import collection_get
from registry.selectors.packages import package_get, publisher_get, version_get
from reviews.domain.reasons import Subject
from reviews.selectors.cases import reports_by
from reviews.selectors.posts import comment_get, review_get
from reviews.services.cases import subject_name
from reviews.services.reports import report_make
from reviews.views.forms import ReportForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

PAGE = 50


@login_required
@require_http_methods(["GET", "POST"])
def report_package(request: HttpRequest, publisher: str, name: str, number: str = "") -> HttpResponse:
    """Report a package, or one version of it."""
    viewer = viewer_from(request)
    package = package_get(viewer, publisher, name)
    if not number:
        return _report(request, package, Subject.PACKAGE)
    return _report(request, version_get(viewer, package, number), Subject.VERSION)


@login_required
@require_http_methods(["GET", "POST"])
def report_publisher(request: HttpRequest, name: str) -> HttpResponse:
    """Report a publisher."""
    return _report(request, publisher_get(name), Subject.PUBLISHER)


@login_required
@require_http_methods(["GET", "POST"])
def report_collection(request: HttpRequest, slug: str) -> HttpResponse:
    """Report a collection."""
    return _report(request, collection_get(viewer_from(request), slug), Subject.COLLECTION)


@login_required
@require_http_methods(["GET", "POST"])
def report_post(request: HttpRequest, kind: str, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Report a review or a comment."""
    find = {"review": review_get, "comment": comment_get}.get(kind)
    if find is None:
        raise NotFound("MP9001")
    return _report(request, find(viewer_from(request), id), Subject(kind))


@login_required
@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """What I have reported, newest first."""
    rows = list(reports_by(viewer_from(request))[:PAGE])
    answer = render(request, "reviews/reports.html", {"reports": rows})
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _report(request: HttpRequest, subject: Any, kind: Subject) -> HttpResponse:
    form = ReportForm(kind, request.POST or None)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        try:
            report = report_make(subject=subject, reason=facts["reason"], text=facts["text"], by=viewer_from(request))
        except MarketplaceError as refusal:
            if refusal.status == 404:  # noqa: PLR2004  (HTTP)
                raise
            form.add_error(None, refusal.in_full)
        else:
            messages.success(request, _("Thank you. A moderator looks at it; this page says how far it is."))
            return redirect("case", id=report.case.public_id)
    context = {"form": form, "subject": subject, "kind": kind, "name": subject_name(subject)}
    return render(request, "reviews/report.html", context, status=422 if form.errors else 200)
