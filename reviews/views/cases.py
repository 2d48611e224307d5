"""A case as the people concerned and reporters see it: state, reasons, place in the queue, decision, appeal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.core.errors import MarketplaceError, NotFound
from marketplace.services.viewers import viewer_from
from reviews.domain.reasons import AGAINST
from reviews.models import Appeal
from reviews.selectors.cases import case_get, decisions_of, place_of
from reviews.services.appeals import appeal_make
from reviews.services.wording import effect_words, reason_words, report_words
from reviews.views.forms import AppealForm

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from reviews.models import Case


@login_required
@require_safe
def case(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """One case; only for moderators and those whom it concerns."""
    return _page(request, case_get(viewer_from(request), id), AppealForm())


@login_required
@require_POST
def appeal(request: HttpRequest, id: UUID, decision: UUID) -> HttpResponse:  # noqa: A002  (the word of the address)
    """Object to a decision; what was typed is kept when it is refused."""
    viewer = viewer_from(request)
    found = case_get(viewer, id)
    taken = decisions_of(viewer, found).filter(public_id=decision).first()
    if taken is None:
        raise NotFound("MP7040")
    form = AppealForm(request.POST)
    if form.is_valid():
        try:
            appeal_make(decision=taken, text=form.cleaned_data["text"], by=viewer)
        except MarketplaceError as refusal:
            form.add_error(None, refusal.in_full)
        else:
            messages.success(request, _("Your appeal is with another moderator now."))
            return redirect("case", id=found.public_id)
    return _page(request, found, form)


def _page(request: HttpRequest, found: Case, form: AppealForm) -> HttpResponse:
    viewer = viewer_from(request)
    decisions = [
        (row, effect_words(row.effect), reason_words(row.reason), row.effect in AGAINST)
        for row in decisions_of(viewer, found)
    ]
    mine = found.reports.filter(reporter_id=viewer.user_id).first()
    context = {
        "case": found,
        "place": place_of(found),
        "decisions": decisions,
        "report": mine,
        "report_reason": report_words(mine.reason) if mine else "",
        "appeals": Appeal.objects.filter(decision__case=found, appellant_id=viewer.user_id).order_by("id"),
        "form": form,
    }
    answer = render(request, "reviews/case.html", context, status=422 if form.errors else 200)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
