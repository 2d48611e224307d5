"""Everything that a moderator needs beside the decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from marketplace.core.codes import CODES, sentence
from registry.models import Package, Publisher, Version
from reviews.domain.reasons import DECISION_REASONS, EFFECTS
from reviews.domain.states import CaseState
from reviews.models import Appeal, Case, Comment, Decision, Incident, Review
from reviews.services.cases import package_of, subject_of
from reviews.services.decisions import needs_second
from reviews.services.incidents import Extent, extent_of
from reviews.services.wording import effect_words, reason_words, report_words

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

FINDINGS_MOST = 50
HISTORY_MOST = 20


@dataclass(frozen=True, slots=True)
class Hit:
    """One finding in words, with the address of the line."""

    code: str
    severity: str
    says: str
    place: str
    url: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the page shows: the subject and its address, findings, reports, history, what can be decided."""

    case: Case
    kind: str
    text: str
    url: str
    findings: list[Hit]
    reports: list[tuple[Any, str]]
    history: list[tuple[Decision, str, str]]
    timeline: list[Any]
    choices: list[tuple[str, str, bool]]
    reasons: list[tuple[str, str]]
    proposal: Decision | None
    may_second: bool
    appeals: list[Appeal]
    incident: Incident | None
    extent: Extent | None
    is_open: bool


def evidence_of(case: Case, viewer: Viewer) -> Evidence:
    """Everything about the case."""
    subject, kind = subject_of(case), case.subject_kind
    proposal = case.decisions.filter(effective_at=None).order_by("-id").first() if case.state == "proposed" else None
    return Evidence(
        case=case,
        kind=kind.value,
        text=getattr(subject, "text", "") or getattr(subject, "summary", ""),
        url=_address(subject),
        findings=_findings(subject),
        reports=[(row, report_words(row.reason)) for row in case.reports.select_related("reporter").order_by("id")],
        history=_history(case, subject),
        timeline=list(case.events.order_by("id")),
        choices=[(effect.value, effect_words(effect), needs_second(case, effect)) for effect in EFFECTS[kind]],
        reasons=[(reason, reason_words(reason)) for reason in DECISION_REASONS],
        proposal=proposal,
        may_second=proposal is not None and proposal.by_id != viewer.user_id,
        appeals=list(
            Appeal.objects.filter(decision__case=case, outcome="waiting").select_related("appellant", "decision")
        ),
        incident=Incident.objects.filter(case=case).first(),
        extent=extent_of(case),
        is_open=case.state == CaseState.OPEN,
    )


def _findings(subject: Any) -> list[Hit]:
    if not isinstance(subject, Version):
        return []
    names = {"publisher": subject.package.publisher.name, "name": subject.package.name, "number": subject.number}
    rows = subject.findings.order_by("severity", "id")[:FINDINGS_MOST]
    return [_hit(row, names) for row in rows]


def _hit(row: Any, names: dict[str, str]) -> Hit:
    params = {"path": row.path, "line": row.line or 0, **row.params}
    place = f"{row.path}:{row.line}" if row.line else row.path
    url = reverse("package-file", kwargs={**names, "path": row.path}) if row.path else ""
    says = sentence(row.code, params) if row.code in CODES else row.code
    return Hit(row.code, row.severity, says, place, f"{url}#L-{row.line}" if row.line and url else url)


def _history(case: Case, subject: Any) -> list[tuple[Decision, str, str]]:
    """Earlier decisions about the same package, publisher or author."""
    package = package_of(subject)
    about = Decision.objects.filter(effective_at__isnull=False).exclude(case=case).select_related("case")
    if isinstance(subject, Publisher):
        about = about.filter(case__publisher=subject)
    elif isinstance(subject, (Review, Comment)):
        about = about.filter(case__review__author=subject.author) if subject.author_id else about.none()
    elif package is not None:
        about = about.filter(case__version__package=package) | about.filter(case__package=package)
    rows = about.order_by("-id")[:HISTORY_MOST]
    return [(row, effect_words(row.effect), reason_words(row.reason)) for row in rows]


def _address(subject: Any) -> str:
    match subject:
        case Publisher():
            return reverse("publisher", kwargs={"name": subject.name})
        case Version():
            package = subject.package
            return reverse("package-version", args=[package.publisher.name, package.name, subject.number])
        case Package():
            return reverse("package", args=[subject.publisher.name, subject.name])
        case Review():
            return reverse("package-reviews", args=[subject.package.publisher.name, subject.package.name])
        case _:
            return reverse("package-discussion", args=[subject.package.publisher.name, subject.package.name])
