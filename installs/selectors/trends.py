"""Growth of installs: what is trending, and the line beside it. Definitions stand in docs/numbers.md."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone

from installs.models import DownloadDay

if TYPE_CHECKING:
    from collections.abc import Sequence

WEEK = 7
DAYS = 14


def growth_counts() -> dict[int, int]:
    """Distinct downloads of the last seven days less those of the seven before, by package; no zeros."""
    today = timezone.now().date()
    days = DownloadDay.objects.exclude(channel="git-catalog")
    last = days.filter(day__gt=today - timedelta(days=WEEK)).values_list("package_id").annotate(total=Sum("count"))
    before = days.filter(day__gt=today - timedelta(days=DAYS), day__lte=today - timedelta(days=WEEK))
    growth: dict[int, int] = defaultdict(int, dict(last))
    for package_id, total in before.values_list("package_id").annotate(total=Sum("count")):
        growth[package_id] -= total
    return {package_id: value for package_id, value in growth.items() if value}


def daily_counts(package_ids: Sequence[int], days: int = DAYS) -> dict[int, list[int]]:
    """Distinct downloads of each package by day, the oldest first; days without any are 0."""
    today = timezone.now().date()
    rows = DownloadDay.objects.filter(package_id__in=package_ids, day__gt=today - timedelta(days=days))
    counts: dict[int, list[int]] = {pk: [0] * days for pk in package_ids}
    for package_id, day, total in rows.values_list("package_id", "day").annotate(total=Sum("count")):
        counts[package_id][days - 1 - (today - day).days] += total
    return counts
