"""What people say of a package: reviews, questions and comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from marketplace.core import cursors
from marketplace.core.errors import MarketplaceError, NotAllowed
from marketplace.services.viewers import viewer_from
from marketplace.storefront.views.package import package_head
from marketplace.storefront.writing import CommentForm, ReviewForm
from registry.selectors.packages import is_maintainer, package_get
from reviews.selectors.posts import SORTS, ReviewFilter, comment_get, comments_of, own_review, reviews_of, summary_of
from reviews.services.comments import comment_write
from reviews.services.reviewing import Said, ensure_can_review, review_write

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from registry.models import Package
    from reviews.models import Review

PAGE = 20


@require_http_methods(["GET", "HEAD", "POST"])
def reviews(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Numbers, the viewer's own review as a form, and what others wrote, twenty a page."""
    viewer = viewer_from(request)
    package = package_get(viewer, publisher, name)
    if request.method == "POST":
        if viewer.is_anonymous:
            return redirect_to_login(request.path)
        form = ReviewForm(request.POST)
        if form.is_valid() and _write(request, package, form):
            return redirect("package-reviews", publisher=publisher, name=name)
        return render(request, "reviews/reviews.html", _reviews(request, package, form), status=422)
    own = own_review(viewer, package)
    return render(request, "reviews/reviews.html", _reviews(request, package, ReviewForm(initial=_initial(own))))


@require_http_methods(["GET", "HEAD", "POST"])
def discussion(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Questions and comments, newest first, twenty threads a page."""
    viewer = viewer_from(request)
    package = package_get(viewer, publisher, name)
    form = CommentForm(request.POST or None)
    if request.method == "POST":
        if viewer.is_anonymous:
            return redirect_to_login(request.path)
        if form.is_valid() and _comment(request, package, form):
            return redirect("package-discussion", publisher=publisher, name=name)
    rows = comments_of(viewer, package)
    if request.GET.get("cursor"):
        rows = rows.filter(pk__lt=int(cursors.decode(request.GET["cursor"])["before"]))
    page = list(rows[: PAGE + 1])
    context = package_head(request, package, package.latest) | {
        "tab": "discussion",
        "form": form,
        "threads": page[:PAGE],
        "next_cursor": cursors.encode({"before": page[PAGE - 1].pk}) if len(page) > PAGE else "",
    }
    return render(request, "reviews/discussion.html", context, status=422 if form.errors else 200)


def _reviews(request: HttpRequest, package: Package, form: ReviewForm) -> dict[str, Any]:
    viewer = viewer_from(request)
    chosen = ReviewFilter(request.GET, queryset=reviews_of(viewer, package))
    rows = chosen.qs if chosen.is_valid() else reviews_of(viewer, package)
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else "helpful"
    at = int(cursors.decode(request.GET["cursor"])["at"]) if request.GET.get("cursor") else 0
    page = list(rows.order_by(*SORTS[sort])[at : at + PAGE + 1])
    may_review, why_not = _may_review(request, package)
    following = cursors.encode({"at": at + PAGE}) if len(page) > PAGE else ""
    kept = request.GET.copy()
    kept.pop("cursor", None)
    return package_head(request, package, package.latest) | {
        "tab": "reviews",
        "summary": summary_of(package),
        "reviews": page[:PAGE],
        "own": own_review(viewer, package),
        "form": form,
        "may_review": may_review,
        "why_not": why_not,
        "may_reply": not viewer.is_anonymous and is_maintainer(viewer, package),
        "sort": sort,
        "next_query": f"{kept.urlencode()}&cursor={following}" if following else "",
    }


def _may_review(request: HttpRequest, package: Package) -> tuple[bool, str]:
    """Whether the viewer may review, and if not the sentence that says why and what to do."""
    viewer = viewer_from(request)
    if viewer.is_anonymous:
        return False, ""
    try:
        ensure_can_review(package=package, by=viewer)
    except NotAllowed as refusal:
        return False, refusal.in_full
    return True, ""


def _write(request: HttpRequest, package: Package, form: ReviewForm) -> bool:
    facts = form.cleaned_data
    said = Said(facts["stars"], facts["title"], facts["text"], form.axes())
    try:
        review_write(package=package, said=said, by=viewer_from(request))
    except MarketplaceError as refusal:
        form.add_error(None, refusal.in_full)
        return False
    messages.success(request, _("Your review is there. You can change it at any time."))
    return True


def _comment(request: HttpRequest, package: Package, form: CommentForm) -> bool:
    viewer = viewer_from(request)
    parent_id = form.cleaned_data["parent"]
    try:
        parent = comment_get(viewer, parent_id) if parent_id else None
        comment_write(
            package=package,
            text=form.cleaned_data["text"],
            by=viewer,
            parent=parent,
            is_question=form.cleaned_data["is_question"],
        )
    except MarketplaceError as refusal:
        form.add_error(None, refusal.in_full)
        return False
    return True


def _initial(own: Review | None) -> dict[str, Any]:
    if own is None:
        return {}
    return {field: getattr(own, field) for field in ("stars", "title", "text", "works", "safe", "worth")}
