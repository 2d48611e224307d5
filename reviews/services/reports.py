"""Reports: what people saw, weighed by their record; two of malware, or a trusted one, stop a young package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, LimitReached, NotAllowed
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.services.audit import audit
from registry.domain.states import SERVED
from registry.models import Package, Version
from reviews.domain.reasons import REPORT_REASONS, is_trusted, may_report, reporter_weight
from reviews.models import Case, Report
from reviews.services.cases import KINDS, case_note, case_open, package_of, subject_name
from reviews.services.effects import quarantine
from reviews.services.statements import stopped_notice

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

TEXT_MOST = 4000
TEXT_LEAST = 10
YOUNG = timedelta(hours=24)
ENOUGH = 2


@dataclass(frozen=True, slots=True)
class Record:
    """How often a reporter was right and wrong."""

    upheld: int
    dismissed: int

    @property
    def weight(self) -> float:
        """How much their word counts."""
        return reporter_weight(self.upheld, self.dismissed)

    @property
    def is_trusted(self) -> bool:
        """Whether one of their reports can stop a young package."""
        return is_trusted(self.upheld, self.dismissed)


def record_of(user_id: int) -> Record:
    """The reporter's record."""
    counts = Report.objects.filter(reporter_id=user_id).aggregate(
        upheld=Count("pk", filter=Q(outcome=Report.Outcome.UPHELD)),
        dismissed=Count("pk", filter=Q(outcome=Report.Outcome.DISMISSED)),
    )
    return Record(**counts)


@transaction.atomic
def report_make(*, subject: Any, reason: str, text: str, by: Viewer) -> Report:
    """Report a package, version, publisher, review or comment; it opens or joins the subject's case.

    Raises NotAllowed MP9002, Invalid MP7030, MP7032, MP7005, Conflict MP7031, LimitReached MP7008.
    """
    if by.user_id is None:
        raise NotAllowed("MP9002")
    kind = KINDS[type(subject)]
    if not may_report(reason, kind):
        raise Invalid("MP7030", {"subject": kind.value})
    if reason == "malware" and len(text.strip()) < TEXT_LEAST:
        raise Invalid("MP7032")
    if len(text) > TEXT_MOST:
        raise Invalid("MP7005", {"most": TEXT_MOST})
    _ensure_not_too_many(by)
    record = record_of(by.user_id)
    risk = round(REPORT_REASONS[reason].weight * record.weight)
    case = case_open(subject=subject, source="report", risk=risk, is_urgent=reason == "malware", by=by)
    if case.reports.filter(reporter_id=by.user_id).exists():
        raise Conflict("MP7031")
    report = Report.objects.create(
        case=case, reporter_id=by.user_id, reason=reason, text=text.strip(), weight=record.weight
    )
    _raise_risk(case)
    case_note(case=case, kind="reported", by=by, text=text.strip(), data={"reason": reason})
    audit(
        Action.REPORT_MAKE,
        by=by,
        kind=kind.value,
        subject=getattr(subject, "public_id", None),
        name=subject_name(subject),
        data={"reason": reason},
    )
    if reason == "malware" and _must_stop(case, subject, record):
        quarantine(subject=subject, reason="malware", by=SYSTEM)
        case_note(case=case, kind="quarantined:automatic", by=SYSTEM)
        stopped_notice(case=case, subject=subject)
    return report


def _ensure_not_too_many(by: Viewer) -> None:
    since = timezone.now() - timedelta(days=1)
    count = Report.objects.filter(reporter_id=by.user_id, created_at__gt=since).count()
    if count >= settings.REPORTS_A_DAY:
        raise LimitReached("MP7008", {"count": count})


def _raise_risk(case: Case) -> None:
    """The strongest report counts whole, each further one a quarter."""
    risks = sorted((REPORT_REASONS[row.reason].weight * row.weight for row in case.reports.all()), reverse=True)
    total = round(risks[0] + sum(risks[1:]) / 4)
    if total > case.risk:
        Case.objects.filter(pk=case.pk).update(risk=total)
        case.risk = total


def _must_stop(case: Case, subject: Any, record: Record) -> bool:
    """Young, served, and flagged by somebody trusted or by two."""
    package = package_of(subject)
    if package is None or not isinstance(subject, (Package, Version)) or not _is_young(package):
        return False
    malware = case.reports.filter(reason="malware").count()
    return record.is_trusted or malware >= ENOUGH


def _is_young(package: Package) -> bool:
    served = package.versions.filter(state__in=SERVED)
    first = served.order_by("published_at").values_list("published_at", flat=True).first()
    return first is not None and timezone.now() - first < YOUNG
