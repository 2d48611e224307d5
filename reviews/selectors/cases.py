"""Reads of cases: what moderators see, and what the people concerned and reporters may know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from marketplace.core.errors import NotFound
from reviews.domain.states import ACTIVE
from reviews.models import Appeal, Case, Decision, Report, Statement
from reviews.selectors.concerned import concerned_by

if TYPE_CHECKING:
    from uuid import UUID

    from marketplace.domain.viewer import Viewer
    from registry.models import Package, Version

MEDIAN_OVER = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in the queue (1 = next), and how long cases took lately (median hours; None: none yet)."""

    position: int
    waiting: int
    median_hours: float | None


def case_rows() -> QuerySet[Case]:
    """Every case with what a list shows: count and strongest reason of its reports, the riskiest first."""
    reports = Report.objects.filter(case=OuterRef("pk")).order_by().values("case")
    counted = Subquery(reports.annotate(count=Count("pk")).values("count"))
    strongest = Report.objects.filter(case=OuterRef("pk")).order_by("-weight", "pk").values("reason")[:1]
    rows = Case.objects.select_related("version", "assignee")
    rows = rows.annotate(report_count=Coalesce(counted, 0), top_reason=Subquery(strongest))
    return rows.order_by("-risk", "opened_at")


def cases() -> QuerySet[Case]:
    """Every case with its subject and who stands behind it."""
    joined = (
        "version__package__publisher__user", "package__publisher__user", "package__latest", "publisher__user",
        "review__package__publisher", "review__author", "comment__package__publisher", "comment__author",
        "collection__owner", "collection__organization",
    )  # fmt: skip
    return case_rows().select_related(*joined)


def case_get(viewer: Viewer, public_id: UUID) -> Case:
    """A case for moderators, reporters and the people told of a decision; raises NotFound MP7040 for others."""
    case = cases().filter(public_id=public_id).first()
    if case is None or not (viewer.is_moderator or is_concerned(viewer, case)):
        raise NotFound("MP7040")
    return case


def is_concerned(viewer: Viewer, case: Case) -> bool:
    """Whether the viewer reported the subject, was told of a decision, or answers for the subject."""
    if viewer.user_id is None:
        return False
    if case.reports.filter(reporter_id=viewer.user_id).exists():
        return True
    return Statement.objects.filter(decision__case=case, recipient_id=viewer.user_id).exists() or _answers_for(
        viewer, case
    )


def _answers_for(viewer: Viewer, case: Case) -> bool:
    return viewer.user_id in concerned_by(getattr(case, case.subject_kind.value))


def decisions_of(viewer: Viewer, case: Case) -> QuerySet[Decision]:
    """The case's decisions that took effect, oldest first; with the viewer's appeal if there is one."""
    mine = Appeal.objects.filter(decision=OuterRef("pk"), appellant_id=viewer.user_id or 0)
    told = Statement.objects.filter(decision=OuterRef("pk"), recipient_id=viewer.user_id or 0)
    rows = case.decisions.filter(effective_at__isnull=False)
    return rows.annotate(has_appealed=Exists(mine), was_told=Exists(told)).order_by("id")


def reports_by(viewer: Viewer) -> QuerySet[Report]:
    """What the viewer has reported, newest first."""
    return Report.objects.filter(reporter_id=viewer.user_id or 0).select_related("case").order_by("-id")


def cases_about(package_ids: list[int]) -> QuerySet[Case]:
    """Active cases about these packages and their versions: what a publisher's console shows."""
    about = Q(package_id__in=package_ids) | Q(version__package_id__in=package_ids)
    return (
        Case.objects.filter(about, state__in=sorted(ACTIVE)).select_related("version", "package").order_by("opened_at")
    )


def case_of_version(version: Version) -> Case | None:
    """The active case about a version."""
    return Case.objects.filter(version=version, state__in=sorted(ACTIVE)).first()


def has_active_case(package: Package) -> bool:
    """Whether somebody is looking at the package or one of its versions."""
    return cases_about([package.pk]).exists()


def place_of(case: Case) -> Place | None:
    """The case's place in the queue; None when nobody has to do anything about it."""
    if case.state not in ACTIVE:
        return None
    active = Case.objects.filter(state__in=sorted(ACTIVE))
    before = active.filter(Q(risk__gt=case.risk) | Q(risk=case.risk, opened_at__lt=case.opened_at))
    return Place(before.count() + 1, active.count(), median_hours())


def median_hours() -> float | None:
    """How long the cases decided in the last thirty days had waited, in the middle."""
    decided = Case.objects.filter(decided_at__gt=timezone.now() - MEDIAN_OVER)
    waits = sorted(decided.annotate(waited=F("decided_at") - F("opened_at")).values_list("waited", flat=True))
    return waits[len(waits) // 2].total_seconds() / 3600 if waits else None
