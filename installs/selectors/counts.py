"""Numbers of downloads; each is defined in docs/numbers.md."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Sum
from django.utils import timezone

from installs.models import DownloadDay

if TYPE_CHECKING:
    from collections.abc import Sequence

DAYS = 30


def downloads_of(package_ids: Sequence[int]) -> dict[int, int]:
    """Distinct downloads of each package in the last thirty days; packages without any are missing."""
    since = timezone.now().date() - timedelta(days=DAYS)
    days = DownloadDay.objects.filter(package_id__in=package_ids, day__gt=since)
    return dict(days.values_list("package_id").annotate(total=Sum("count")))


def downloads_by_version(package_id: int) -> dict[int, int]:
    """Distinct downloads of each version of one package in the last thirty days."""
    since = timezone.now().date() - timedelta(days=DAYS)
    days = DownloadDay.objects.filter(package_id=package_id, day__gt=since)
    return dict(days.values_list("version_id").annotate(total=Sum("count")))
