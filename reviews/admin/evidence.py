"""Everything that a moderator needs beside the decision, in the order in which it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.urls import reverse

from marketplace.models import User
from registry.domain.capabilities import CapabilitySet
from registry.domain.comparison import Comparison, compare
from registry.models import Collection, Package, Publisher, Version
from reviews.admin.background import Background, background_of
from reviews.admin.excerpts import Excerpt, excerpts_of
from reviews.domain.powers import SENIOR_EFFECTS, Act, may, rank_of
from reviews.domain.reasons import DECISION_REASONS, EFFECTS, Effect, may_decide
from reviews.domain.states import CaseState
from reviews.models import Appeal, Case, CaseEvent, Comment, Decision, Incident, Review
from reviews.services.cases import subject_of
from reviews.services.decisions import Ruling, needs_second, proposal_of
from reviews.services.extent import Extent, extent_of
from reviews.services.statements import statement_preview
from reviews.services.wording import (
    EFFECT_TITLES,
    effect_words,
    event_words,
    exposure_words,
    limits_words,
    reason_words,
    report_words,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from marketplace.domain.viewer import Viewer

KEYS = {
    Effect.APPROVE: "a",
    Effect.RESTORE: "o",
    Effect.NONE: "n",
    Effect.REJECT: "r",
    Effect.YANK: "y",
    Effect.QUARANTINE: "q",
    Effect.REMOVE: "x",
    Effect.WARN: "w",
    Effect.HIDE: "h",
    Effect.SUSPEND: "s",
    Effect.FREEZE: "f",
}
"""One key each: pressed on the case's page it chooses the effect."""
TEXTS = ("text", "summary", "description")


@dataclass(frozen=True, slots=True)
class Choice:
    """One effect that the subject can have; `why_second` says why a colleague must agree, if one must."""

    effect: str
    title: str
    says: str
    key: str
    needs_second: bool
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason with the effects that it carries here."""

    code: str
    says: str
    effects: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Difference:
    """What it can do beside what the version before it (or what it looks like) can do."""

    comparison: Comparison
    before: str
    after: str
    is_other: bool


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the page shows."""

    case: Case
    kind: str
    title: str
    number: str
    text: str
    url: str
    difference: Difference | None
    excerpts: list[Excerpt]
    reports: list[tuple[Any, str]]
    background: Background
    timeline: list[Any]
    choices: list[Choice]
    reasons: list[Reason]
    proposal: Decision | None
    proposal_words: tuple[str, str]
    may_second: bool
    may_undo: bool
    may_hand_over: bool
    may_close: bool
    rank: str
    colleagues: list[User]
    appeals: list[tuple[Appeal, bool]]
    decisions: list[tuple[Decision, str, str]]
    incident: Incident | None
    extent: Extent | None
    exposures: list[str]
    limits: list[str]
    preview: str
    is_open: bool

    @property
    def finding_count(self) -> int:
        """How many hits the checks had."""
        return sum(len(excerpt.hits) for excerpt in self.excerpts)


def evidence_of(case: Case, viewer: Viewer, kept: Mapping[str, str]) -> Evidence:
    """Everything about the case; `kept` is what was typed before."""
    subject, kind = subject_of(case), case.subject_kind
    proposal = proposal_of(case) if case.state == CaseState.PROPOSED else None
    taken = case.decisions.filter(effective_at__isnull=False).order_by("id")
    incident, extent = Incident.objects.filter(case=case).first(), extent_of(case)
    waiting = Appeal.objects.filter(decision__case=case, outcome="waiting").select_related("appellant", "decision")
    last = taken.filter(undone_by=None, undoes=None).last()
    is_own = last is not None and last.by_id == viewer.user_id
    background = background_of(case, subject)
    return Evidence(
        case=case,
        kind=kind.value,
        title=_title(subject, case),
        number=subject.number if isinstance(subject, Version) else "",
        text=next((text for name in TEXTS if (text := getattr(subject, name, ""))), ""),
        url=address_of(subject),
        difference=_difference(subject, background),
        excerpts=excerpts_of(subject) if isinstance(subject, Version) else [],
        reports=[(row, report_words(row.reason)) for row in case.reports.select_related("reporter").order_by("id")],
        background=background,
        timeline=[_told(event) for event in case.events.order_by("id")],
        choices=_choices(case, viewer, kept),
        reasons=_reasons(case, kept),
        proposal=proposal,
        proposal_words=(effect_words(proposal.effect), reason_words(proposal.reason)) if proposal else ("", ""),
        may_second=proposal is not None
        and proposal.by_id != viewer.user_id
        and (proposal.effect not in SENIOR_EFFECTS or may(viewer, Act.DECIDE_GRAVE)),
        may_undo=case.state == CaseState.DECIDED
        and last is not None
        and may(viewer, Act.UNDO_OWN if is_own else Act.UNDO_ANY),
        may_hand_over=may(viewer, Act.HAND_OVER),
        may_close=may(viewer, Act.CLOSE_INCIDENT),
        rank=rank_of(viewer).value,
        colleagues=list(User.objects.filter(is_moderator=True, state="active").order_by("display_name", "email")[:50]),
        appeals=[(row, viewer.user_id not in {row.decision.by_id, row.decision.seconded_by_id}) for row in waiting],
        decisions=[(row, effect_words(row.effect), reason_words(row.reason)) for row in taken],
        incident=incident,
        extent=extent,
        exposures=[exposure_words(exposure) for exposure in extent.exposures] if extent else [],
        limits=limits_words(),
        preview=preview_of(case, kept),
        is_open=case.state == CaseState.OPEN,
    )


def preview_of(case: Case, form: Mapping[str, str]) -> str:
    """The statement as it would be sent; empty until effect and reason fit each other."""
    effect, reason = form.get("effect", ""), form.get("reason", "")
    if effect not in set(Effect) or not may_decide(reason, Effect(effect), case.subject_kind):
        return ""
    ruling = Ruling(Effect(effect), reason, form.get("evidence", ""), form.get("scope", ""))
    return statement_preview(
        case=case, effect=ruling.effect, reason=ruling.reason, evidence=ruling.evidence.strip(), scope=ruling.scope
    )


def address_of(subject: Any) -> str:
    """The subject's page."""
    match subject:
        case Publisher():
            return reverse("publisher", kwargs={"name": subject.name})
        case Version():
            package = subject.package
            return reverse("package-version", args=[package.publisher.name, package.name, subject.number])
        case Package():
            return reverse("package", args=[subject.publisher.name, subject.name])
        case Collection():
            return reverse("collection", args=[subject.slug])
        case Review():
            return reverse("package-reviews", args=[subject.package.publisher.name, subject.package.name])
        case _:
            return reverse("package-discussion", args=[subject.package.publisher.name, subject.package.name])


def _told(event: CaseEvent) -> dict[str, Any]:
    """One line of the timeline in words."""
    text = effect_words(event.data["effect"]) if event.data.get("effect") and not event.text else event.text
    return {"says": event_words(event.kind), "actor_name": event.actor_name, "text": text, "at": event.at}


def _title(subject: Any, case: Case) -> str:
    match subject:
        case Version():
            return str(subject.package.full_name)
        case Review() | Comment():
            return str(subject.package.full_name)
        case _:
            return case.subject_name


def _difference(subject: Any, background: Background) -> Difference | None:
    """Beside the package that it looks like, else beside its own version before."""
    version = subject if isinstance(subject, Version) else getattr(subject, "latest", None)
    if version is None or not isinstance(version, Version) or not version.strip:
        return None
    other = next((package for package in background.similar if package.latest is not None), None)
    before = other.latest if other else version.package.versions.filter(sort_key__lt=version.sort_key).first()
    if before is None:
        return None
    found = compare(
        CapabilitySet.of_json(before.capabilities),
        CapabilitySet.of_json(version.capabilities),
        before.context_parts,
        version.context_parts,
    )
    first = f"{other.full_name} {before.number}" if other else before.number
    return Difference(found, first, version.number, other is not None)


def _choices(case: Case, viewer: Viewer, kept: Mapping[str, str]) -> list[Choice]:
    return [
        Choice(
            effect.value,
            str(EFFECT_TITLES[effect]),
            effect_words(effect),
            KEYS[effect],
            needs_second(case, effect, viewer),
            kept.get("effect") == effect.value,
        )
        for effect in EFFECTS[case.subject_kind]
    ]


def _reasons(case: Case, kept: Mapping[str, str]) -> list[Reason]:
    offered = EFFECTS[case.subject_kind]
    return [
        Reason(
            code,
            reason_words(code),
            " ".join(effect.value for effect in offered if effect in effects),
            kept.get("reason") == code,
        )
        for code, effects in DECISION_REASONS.items()
        if any(effect in effects for effect in offered)
    ]
