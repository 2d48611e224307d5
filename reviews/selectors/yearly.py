"""A year of moderation in numbers, counted from the rows themselves; nothing in it is estimated or kept by hand."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q
from django.utils import timezone

from marketplace.core.errors import NotFound
from reviews.models import Appeal, Case, CaseEvent, Decision, Incident, Report, Statement

if TYPE_CHECKING:
    from django.db.models import QuerySet

FIRST = 2020


@dataclass(frozen=True, slots=True)
class Reported:
    """Reports of one reason: how many, upheld, dismissed; the rest waits."""

    reason: str
    count: int
    upheld: int
    dismissed: int


@dataclass(frozen=True, slots=True)
class Year:
    """The report; medians are hours, None where nothing was decided or answered."""

    year: int
    until: datetime
    reports: list[Reported]
    cases: dict[str, int]
    decided: int
    median_hours: float | None
    effects: dict[str, int]
    reasons: dict[str, int]
    taken_back: int
    proposals: int
    disagreements: int
    automatic: int
    automatic_restored: int
    appeals: int
    upheld: int
    denied: int
    appeal_hours: float | None
    statements: int
    incidents: int
    told: int

    def as_json(self) -> dict[str, Any]:
        """For the command."""
        return asdict(self) | {"until": self.until.isoformat()}

    @property
    def report_count(self) -> int:
        """All reports."""
        return sum(row.count for row in self.reports)

    @property
    def case_count(self) -> int:
        """All cases."""
        return sum(self.cases.values())


def year_of(year: int) -> Year:
    """The report of one year in UTC, of the running one until now; raises NotFound MP9001 for the future."""
    now = timezone.now()
    if not FIRST <= year <= now.year:
        raise NotFound("MP9001")
    begin, end = datetime(year, 1, 1, tzinfo=UTC), min(datetime(year + 1, 1, 1, tzinfo=UTC), now)
    taken = Decision.objects.filter(effective_at__gte=begin, effective_at__lt=end, undoes=None)
    opened = Case.objects.filter(opened_at__gte=begin, opened_at__lt=end)
    answered = Appeal.objects.filter(answered_at__gte=begin, answered_at__lt=end)
    events = CaseEvent.objects.filter(at__gte=begin, at__lt=end)
    stopped = events.filter(kind="quarantined:automatic")
    restored = CaseEvent.objects.filter(kind="incident:restored", case__in=stopped.values("case"))
    given_back = Decision.objects.filter(
        case__in=stopped.values("case"), effective_at__isnull=False, effect__in=["restore", "approve"]
    )
    cleared = Q(pk__in=restored.values("case")) | Q(pk__in=given_back.values("case"))
    incidents = Incident.objects.filter(opened_at__gte=begin, opened_at__lt=end)
    return Year(
        year=year,
        until=end,
        reports=_reports(begin, end),
        cases=_counted(opened, "source"),
        decided=taken.count(),
        median_hours=_median(taken.annotate(waited=F("effective_at") - F("case__opened_at"))),
        effects=_counted(taken, "effect"),
        reasons=_counted(taken, "reason"),
        taken_back=taken.filter(undone_by__isnull=False).count(),
        proposals=events.filter(kind="proposed").count(),
        disagreements=events.filter(kind="disagreed").count(),
        automatic=stopped.count(),
        automatic_restored=Case.objects.filter(cleared, pk__in=stopped.values("case")).count(),
        appeals=Appeal.objects.filter(created_at__gte=begin, created_at__lt=end).count(),
        upheld=answered.filter(outcome=Appeal.Outcome.UPHELD).count(),
        denied=answered.filter(outcome=Appeal.Outcome.DENIED).count(),
        appeal_hours=_median(answered.annotate(waited=F("answered_at") - F("created_at"))),
        statements=Statement.objects.filter(sent_at__gte=begin, sent_at__lt=end).count(),
        incidents=incidents.count(),
        told=sum(incidents.values_list("told_count", flat=True)),
    )


def _reports(begin: datetime, end: datetime) -> list[Reported]:
    rows = Report.objects.filter(created_at__gte=begin, created_at__lt=end).values("reason")
    counted = rows.annotate(
        count=Count("pk"),
        upheld=Count("pk", filter=Q(outcome=Report.Outcome.UPHELD)),
        dismissed=Count("pk", filter=Q(outcome=Report.Outcome.DISMISSED)),
    )
    return [Reported(**row) for row in counted.order_by("-count", "reason")]


def _counted(rows: QuerySet[Any], field: str) -> dict[str, int]:
    counted = rows.order_by().values(field).annotate(n=Count("pk")).order_by("-n", field)
    return {row[field]: row["n"] for row in counted}


def _median(rows: QuerySet[Any]) -> float | None:
    """The middle of `waited` in hours."""
    waits = sorted(rows.order_by().values_list("waited", flat=True))
    return waits[len(waits) // 2].total_seconds() / 3600 if waits else None
