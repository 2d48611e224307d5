"""The numbers of one package by day: a chart, a table and a file."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from installs.selectors.numbers import DAYS_MOST, NAMES, numbers_by_day, numbers_together
from marketplace.services.viewers import viewer_from
from marketplace.storefront.charts import chart
from marketplace.storefront.views.console import own_package
from marketplace.storefront.views.package import page_number
from payments.services.access import may_sell
from payments.services.switch import is_selling

if TYPE_CHECKING:
    from django.http import HttpRequest

    from installs.selectors.numbers import DayNumbers

LABELS = {
    "views": _("Views"),
    "installs": _("Installs"),
    "updates": _("Updates"),
    "anonymous": _("Installs without an account"),
    "downloads": _("Downloads"),
    "impressions": _("Impressions"),
    "clicks": _("Search clicks"),
    "starts": _("Install starts"),
}
SPANS = (30, 90, 365)
PAGE = 31


@login_required
@require_safe
def numbers(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """One number as a line with the time before it, all of them as a table, a month a page; raises NotFound MP3002."""
    viewer = viewer_from(request)
    found = own_package(viewer, publisher, name)
    span, shown = _span(request), request.GET.get("number", "")
    shown = shown if shown in LABELS else "views"
    today = timezone.now().date()
    days = numbers_by_day(viewer, found, first=today - timedelta(days=span - 1), last=today)
    start = today - timedelta(days=span)
    before = numbers_by_day(viewer, found, first=start - timedelta(days=span - 1), last=start)
    sums, earlier = numbers_together(days), numbers_together(before)
    released = found.versions.exclude(published_at=None).filter(published_at__date__gte=days[0].day)
    releases = {
        at.date(): number for number, at in released.order_by("sort_key").values_list("number", "published_at") if at
    }
    page = page_number(request.GET.get("page", ""))
    newest = days[::-1]
    context = {
        "package": found,
        "tab": "numbers",
        "span": span,
        "spans": SPANS,
        "shown": shown,
        "label": LABELS[shown],
        "total": getattr(sums, shown),
        "total_before": getattr(earlier, shown),
        "sums": [(key, label, getattr(sums, key), getattr(earlier, key)) for key, label in LABELS.items()],
        "chart": chart([day.day for day in days], _of(days, shown), _of(before, shown), releases),
        "labels": LABELS,
        "rows": [(row.day, [getattr(row, key) for key in LABELS]) for row in newest[(page - 1) * PAGE : page * PAGE]],
        "next_page": page + 1 if len(newest) > page * PAGE else None,
        "previous_page": page - 1 if page > 1 else None,
        "may_price": is_selling() and may_sell(viewer, found),
        "section": "console",
    }
    return render(request, "storefront/numbers.html", context)


@login_required
@require_safe
def numbers_file(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """The same days as CSV, the oldest first; raises NotFound MP3002."""
    viewer = viewer_from(request)
    found = own_package(viewer, publisher, name)
    today = timezone.now().date()
    days = numbers_by_day(viewer, found, first=today - timedelta(days=_span(request) - 1), last=today)
    file = f"{publisher}-{name}-{today.isoformat()}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "private, no-store"}
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=headers)
    writer = csv.writer(answer)
    writer.writerow(["day", *NAMES])
    writer.writerows([day.day.isoformat(), *(getattr(day, key) for key in NAMES)] for day in days)
    return answer


def _span(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return min(int(asked), DAYS_MOST) if asked in {str(span) for span in SPANS} else SPANS[0]


def _of(days: list[DayNumbers], name: str) -> list[int]:
    return [getattr(day, name) for day in days]
