"""What was observed of one person's use of one package: in their library, fetched with their token or address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from installs.models import Download, Install
from installs.services.downloads import who_of
from registry.models import Version

if TYPE_CHECKING:
    from datetime import date

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

LOOKED_BACK_DAYS = 180
KEPT_DAYS = 3


@dataclass(frozen=True, slots=True)
class Use:
    """Days on which bytes were fetched, whether it is in a library and since how many days, the version last had."""

    fetched_on: tuple[date, ...] = ()
    kept_days: int = 0
    in_library: bool = False
    version: Version | None = None

    @property
    def is_observed(self) -> bool:
        """Whether the person has installed it at all."""
        return self.in_library or bool(self.fetched_on)

    @property
    def is_verified(self) -> bool:
        """Kept for KEPT_DAYS days at least and fetched again on another day."""
        span = (self.fetched_on[-1] - self.fetched_on[0]).days if self.fetched_on else 0
        return len(self.fetched_on) > 1 and max(span, self.kept_days) >= KEPT_DAYS


def use_of(viewer: Viewer, package: Package) -> Use:
    """The viewer's use of the package in the last LOOKED_BACK_DAYS days; nothing for somebody who is not signed in."""
    if viewer.user_id is None:
        return Use()
    today = timezone.now().date()
    days = {today - timedelta(days=back) for back in range(LOOKED_BACK_DAYS)}
    whos = {who_of(viewer, "", day): day for day in days}
    since = today - timedelta(days=LOOKED_BACK_DAYS)
    rows = Download.objects.filter(package_id=package.pk, day__gte=since, who__in=whos).order_by("day", "at")
    fetched = list(rows.values_list("day", "version_id"))
    install = Install.objects.filter(library__user_id=viewer.user_id, package=package).select_related("pinned").first()
    newest = fetched[-1][1] if fetched else None
    had = Version.objects.filter(pk=newest).first() if newest else None
    return Use(
        fetched_on=tuple(sorted({day for day, _ in fetched})),
        kept_days=(timezone.now() - install.created_at).days if install else 0,
        in_library=install is not None,
        version=had or (install.pinned if install else None) or package.latest,
    )
