"""The yearly report of moderation, for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from marketplace.core import tenancy
from reviews.selectors.yearly import year_of
from reviews.services.wording import effect_words, reason_words, report_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_safe
def report(request: HttpRequest, year: int = 0) -> HttpResponse:
    """One year in numbers, the running one without a year; numbers only, nobody is named."""
    with tenancy.bound(tenancy.SYSTEM):
        found = year_of(year or timezone.now().year)
    context = {
        "year": found,
        "reports": [(report_words(row.reason), row) for row in found.reports],
        "effects": [(effect_words(effect), count) for effect, count in found.effects.items()],
        "reasons": [(reason_words(reason), count) for reason, count in found.reasons.items()],
        "is_running": found.year == timezone.now().year,
        "before": found.year - 1,
    }
    answer = render(request, "reviews/yearly.html", context)
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
