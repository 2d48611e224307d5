"""What people do with reviews and comments on the site; the pages that show them are the storefront's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from marketplace.core.errors import MarketplaceError
from marketplace.services.viewers import viewer_from
from reviews.selectors.posts import comment_get, review_get
from reviews.services.comments import comment_delete
from reviews.services.reviewing import review_delete, review_reply, review_vote
from reviews.views.forms import ReplyForm

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from registry.models import Package


@login_required
@require_POST
def vote(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Helpful, or not."""
    review = review_get(viewer_from(request), id)
    is_helpful = request.POST.get("helpful") == "yes"
    _said(request, lambda: review_vote(review=review, is_helpful=is_helpful, by=viewer_from(request)))
    return _back("package-reviews", review.package, f"r-{review.public_id}")


@login_required
@require_POST
def reply(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """The publisher's answer."""
    review = review_get(viewer_from(request), id)
    form = ReplyForm(request.POST)
    if form.is_valid():
        facts = form.cleaned_data
        _said(
            request,
            lambda: review_reply(
                review=review, text=facts["text"], fixed_in=facts["fixed_in"].strip(), by=viewer_from(request)
            ),
            _("Your reply stands under the review."),
        )
    else:
        messages.error(request, _("A reply needs between 3 and 3000 characters."))
    return _back("package-reviews", review.package, f"r-{review.public_id}")


@login_required
@require_POST
def delete(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Take one's own review away."""
    review = review_get(viewer_from(request), id)
    _said(request, lambda: review_delete(review=review, by=viewer_from(request)), _("Your review is deleted."))
    return _back("package-reviews", review.package)


@login_required
@require_POST
def uncomment(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Take one's own comment away."""
    comment = comment_get(viewer_from(request), id)
    _said(request, lambda: comment_delete(comment=comment, by=viewer_from(request)), _("Your comment is deleted."))
    return _back("package-discussion", comment.package)


def _said(request: HttpRequest, act: Callable[[], object], done: str = "") -> None:
    """Do it and say so; a refusal is said too, but for what must look as if it were not there."""
    try:
        act()
    except MarketplaceError as refusal:
        if refusal.status == 404:  # noqa: PLR2004  (HTTP)
            raise
        messages.error(request, refusal.in_full)
    else:
        if done:
            messages.success(request, done)


def _back(name: str, package: Package, anchor: str = "") -> HttpResponse:
    answer = redirect(name, publisher=package.publisher.name, name=package.name)
    answer.headers["Location"] += f"#{anchor}" if anchor else ""
    return answer
