"""What a publisher's console lists: own packages with their newest version, and what waits for somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from registry.domain.states import State
from registry.models import Import, Version, VersionFinding
from registry.selectors.packages import packages_maintained_by

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

SERIOUS = Q(severity__in=["error", "warning"])
WAITING = (State.HELD, State.REJECTED, State.QUARANTINED, State.RECEIVED, State.SCANNING)


def packages_in_console(viewer: Viewer) -> QuerySet[Package]:
    """The viewer's packages by name, each with number, state and serious findings of its newest version."""
    newest = Version.objects.filter(package=OuterRef("pk")).exclude(state=State.UNPUBLISHED).order_by("-sort_key")
    found = (
        VersionFinding.objects.filter(SERIOUS, version=OuterRef("newest_id"))
        .order_by()
        .values("version")
        .annotate(count=Count("pk"))
        .values("count")
    )
    rows = packages_maintained_by(viewer).annotate(
        newest_id=Subquery(newest.values("pk")[:1]),
        newest_number=Subquery(newest.values("number")[:1]),
        newest_state=Subquery(newest.values("state")[:1]),
    )
    return rows.annotate(newest_findings=Coalesce(Subquery(found), 0)).order_by("full_name")


def versions_waiting(viewer: Viewer) -> QuerySet[Version]:
    """The viewer's newest versions that are not given out and may yet be, the last received first.

    A version that a later one has replaced waits for nobody.
    """
    later = Version.objects.filter(package=OuterRef("package"), state=State.PUBLISHED).order_by("-sort_key")
    rows = Version.objects.filter(package__in=packages_maintained_by(viewer), state__in=WAITING)
    rows = rows.annotate(newest=Subquery(later.values("sort_key")[:1]))
    return (
        rows.filter(Q(newest=None) | Q(sort_key__gt=F("newest")) | Q(state=State.QUARANTINED))
        .select_related("package__publisher")
        .order_by("-pk")
    )


def drafts_of(viewer: Viewer) -> QuerySet[Import]:
    """What the viewer has uploaded and neither published nor lost, the newest first."""
    open_states = [Import.State.READING, Import.State.READY, Import.State.PUBLISHING]
    rows = Import.objects.filter(user_id=viewer.user_id or 0, state__in=open_states)
    return rows.annotate(entry_count=Count("entries")).order_by("-pk")
