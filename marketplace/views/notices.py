"""What I was told: the notices page and its choices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from marketplace.core import cursors
from marketplace.models import Notice
from marketplace.selectors.notices import notices_of, unmailed_kinds
from marketplace.services.notices import ALWAYS_MAILED, notice_choose, notices_read
from marketplace.services.viewers import viewer_from

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 30


@login_required
@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Newest first, thirty a page."""
    viewer = viewer_from(request)
    rows = notices_of(viewer)
    if request.GET.get("cursor"):
        rows = rows.filter(pk__lt=int(cursors.decode(request.GET["cursor"])["before"]))
    page = list(rows[: PAGE + 1])
    unmailed = unmailed_kinds(viewer)
    kinds = [
        (value, label, value not in unmailed, Notice.Kind(value) in ALWAYS_MAILED)
        for value, label in Notice.Kind.choices
    ]
    context = {
        "notices": page[:PAGE],
        "next_cursor": cursors.encode({"before": page[PAGE - 1].pk}) if len(page) > PAGE else "",
        "kinds": kinds,
        "section": "notices",
    }
    answer = render(request, "marketplace/notices.html", context)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Mark all as read."""
    notices_read(by=viewer_from(request))
    return redirect("notices")


@login_required
@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Which kinds come by mail."""
    notice_choose(by=viewer_from(request), mailed=request.POST.getlist("kind"))
    messages.success(request, _("Kept."))
    return redirect("notices")
