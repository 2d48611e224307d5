"""What happened to packages day by day, for those who maintain them. Definitions stand in docs/numbers.md."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import Sum

from installs.models import DownloadDay, UsageDay
from marketplace.core.errors import NotAllowed
from marketplace.domain.viewer import Scope
from registry.selectors.packages import is_maintainer

if TYPE_CHECKING:
    from collections.abc import Collection

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

USED = ("impressions", "views", "clicks", "starts", "installs", "updates", "anonymous")
DAYS_MOST = 366


@dataclass(frozen=True, slots=True)
class Numbers:
    """Eight numbers of one package in some time."""

    impressions: int = 0
    views: int = 0
    clicks: int = 0
    starts: int = 0
    installs: int = 0
    updates: int = 0
    anonymous: int = 0
    downloads: int = 0


@dataclass(frozen=True, slots=True)
class DayNumbers(Numbers):
    """Those of one day."""

    day: date = date.min


NAMES = tuple(field.name for field in fields(Numbers))


def ensure_may_see_numbers(viewer: Viewer, package: Package) -> None:
    """Raise NotAllowed (MP3014, MP5050) unless the viewer maintains the package."""
    if not viewer.may_touch(package.full_name):
        raise NotAllowed("MP3014", {"name": package.full_name})
    if not viewer.may_use(Scope.READ) or not is_maintainer(viewer, package):
        raise NotAllowed("MP5050", {"name": package.full_name})


def numbers_by_day(viewer: Viewer, package: Package, *, first: date, last: date) -> list[DayNumbers]:
    """Each day from `first` to `last`, at most DAYS_MOST; raises NotAllowed MP3014, MP5050. Three queries."""
    ensure_may_see_numbers(viewer, package)
    length = min((last - first).days + 1, DAYS_MOST)
    span = {"package": package, "day__gte": last - timedelta(days=length - 1), "day__lte": last}
    used = {row["day"]: row for row in UsageDay.objects.filter(**span).values("day", *USED)}
    fetched = dict(DownloadDay.objects.filter(**span).values_list("day").annotate(total=Sum("count")))
    days = [last - timedelta(days=back) for back in range(length - 1, -1, -1)]
    return [
        DayNumbers(
            day=day, downloads=fetched.get(day, 0), **{name: used[day][name] if day in used else 0 for name in USED}
        )
        for day in days
    ]


def numbers_of(package_ids: Collection[int], *, first: date, last: date) -> dict[int, Numbers]:
    """The sums of each package from `first` to `last`, for a viewer who was found to maintain them; two queries."""
    span = {"package_id__in": package_ids, "day__gte": first, "day__lte": last}
    sums = {f"{name}_sum": Sum(name) for name in USED}
    summed: Any = UsageDay.objects.filter(**span).values("package_id").annotate(**sums)
    used: dict[int, dict[str, int]] = {row["package_id"]: row for row in summed}
    fetched = dict(DownloadDay.objects.filter(**span).values_list("package_id").annotate(total=Sum("count")))
    return {
        pk: Numbers(
            downloads=fetched.get(pk, 0), **{name: used[pk][f"{name}_sum"] if pk in used else 0 for name in USED}
        )
        for pk in package_ids
    }


def numbers_together(all_of: Collection[Numbers]) -> Numbers:
    """The sum of sums."""
    return Numbers(**{name: sum(getattr(one, name) for one in all_of) for name in NAMES})
