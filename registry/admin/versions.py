"""Versions: their states move by services, with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from marketplace.core.admin import ReasonForm, Records, records
from marketplace.services.viewers import viewer_from
from registry.domain.states import State
from registry.models import Scan, Version, VersionArtifact, VersionFile, VersionFinding
from registry.services.moderating import version_moderate

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class VersionRecords(Records):
    """Versions; moderators move them where the state table allows."""

    action_form = ReasonForm
    actions = ("quarantine", "publish", "yank")

    def _move(self, request: HttpRequest, rows: QuerySet[Version], after: State) -> None:
        reason, by = request.POST.get("reason", ""), viewer_from(request)
        self.each(request, rows, lambda one: version_moderate(version=one, after=after, reason=reason, by=by))

    @admin.action(description=_("Quarantine, for the reason beside"))
    def quarantine(self, request: HttpRequest, rows: QuerySet[Version]) -> None:
        """Hand it out to nobody until the matter is settled."""
        self._move(request, rows, State.QUARANTINED)

    @admin.action(description=_("Publish again, for the reason beside"))
    def publish(self, request: HttpRequest, rows: QuerySet[Version]) -> None:
        """Out of quarantine, or take a yank back."""
        self._move(request, rows.exclude(published_at=None), State.PUBLISHED)

    @admin.action(description=_("Yank, for the reason beside"))
    def yank(self, request: HttpRequest, rows: QuerySet[Version]) -> None:
        """Nobody new gets it."""
        self._move(request, rows, State.YANKED)


records(
    Version,
    "package number state state_reason format received_at",
    search="package__full_name number digest public_id",
    filters="state format is_private",
    hidden="readme_html",
    for_moderators=True,
    base=VersionRecords,
)
records(
    VersionFile, "version path size is_text", search="path =sha256 version__package__full_name", for_moderators=True
)
records(VersionArtifact, "version role name artifact", search="name version__package__full_name", filters="role")
records(
    Scan,
    "version verdict rules seconds created_at",
    search="version__package__full_name",
    filters="verdict rules",
    for_moderators=True,
)
records(
    VersionFinding,
    "version code severity path line",
    search="code path version__package__full_name",
    filters="severity",
    for_moderators=True,
)
