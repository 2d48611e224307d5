"""Decisions: by one moderator, by two where many are affected; each can be undone, each tells the people concerned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, NotAllowed
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from reviews.domain.events import CaseDecided
from reviews.domain.powers import SENIOR_EFFECTS, Act, may
from reviews.domain.reasons import AGAINST, GRAVE, Effect, may_decide
from reviews.domain.states import CaseState
from reviews.models import Case, ClearedFinding, Decision, Report
from reviews.services import effects
from reviews.services.cases import case_lock, case_move, case_note, ensure_may, package_of, subject_of
from reviews.services.reach import reach_of
from reviews.services.statements import APPEAL, statements_write, undo_statements_write

if TYPE_CHECKING:
    from uuid import UUID

    from marketplace.domain.viewer import Viewer

EVIDENCE_LEAST = 10


@dataclass(frozen=True, slots=True)
class Ruling:
    """What is decided and why; `evidence` is what the people concerned read, `scope` what it reaches."""

    effect: Effect
    reason: str
    evidence: str = ""
    scope: str = ""


@transaction.atomic
def decision_take(
    *, case: Case, ruling: Ruling, by: Viewer, revision: int | None = None, batch: UUID | None = None
) -> Decision:
    """Decide the case: the effect happens and the statements are written, or a second moderator is asked for.

    Raises NotAllowed MP7044, Conflict MP7041, MP7042, MP3020, Invalid MP7043, MP7047.
    """
    ensure_may(by, Act.DECIDE if batch is None else Act.BULK)
    case = case_lock(case, revision=revision)
    ensure_fits(case, ruling)
    decision = Decision.objects.create(
        case=case,
        effect=ruling.effect,
        reason=ruling.reason,
        evidence=ruling.evidence.strip(),
        scope=ruling.scope[:300],
        by_id=by.user_id,
        by_name=by.name[:80],
        batch=batch,
    )
    if needs_second(case, ruling.effect, by):
        case_move(case, CaseState.PROPOSED)
        case_note(case=case, kind="proposed", by=by, text=ruling.evidence, data={"effect": ruling.effect})
        _audit(Action.CASE_PROPOSE, decision, by)
        return decision
    return _make_effective(case, decision, by)


@transaction.atomic
def decision_second(*, decision: Decision, by: Viewer) -> Decision:
    """Agree with a colleague's proposal, which takes effect.

    Raises NotAllowed MP7044, MP7046, MP7049 (what only a senior moderator may), Conflict MP7041.
    """
    ensure_may(by, Act.SECOND)
    case = case_lock(decision.case)
    decision = Decision.objects.select_for_update(of=("self",)).select_related("case").filter(pk=decision.pk)[0]
    if case.state != CaseState.PROPOSED or decision != proposal_of(case):
        raise Conflict("MP7041", {"before": case.state, "after": CaseState.DECIDED})
    if decision.by_id == by.user_id:
        raise NotAllowed("MP7046")
    if decision.effect in SENIOR_EFFECTS:
        ensure_may(by, Act.DECIDE_GRAVE)
    Decision.objects.filter(pk=decision.pk).update(seconded_by_id=by.user_id)
    case_note(case=case, kind="seconded", by=by)
    return _make_effective(case, Decision.objects.get(pk=decision.pk), by)


@transaction.atomic
def decision_reject(*, decision: Decision, by: Viewer, note: str) -> Case:
    """Disagree with a proposal: the case is open again; raises NotAllowed MP7044, Conflict MP7041."""
    ensure_may(by, Act.SECOND)
    case = case_lock(decision.case)
    if case.state != CaseState.PROPOSED or decision != proposal_of(case):
        raise Conflict("MP7041", {"before": case.state, "after": CaseState.OPEN})
    case_move(case, CaseState.OPEN)
    case_note(case=case, kind="disagreed", by=by, text=note)
    _audit(Action.CASE_REJECT, decision, by)
    return case


@transaction.atomic
def decision_undo(*, decision: Decision, by: Viewer, note: str = "") -> Case:
    """Take a decision back: its effect is undone, whoever was told of it is told, and the case is open again.

    Raises NotAllowed MP7044, MP7049 (somebody else's, by no senior moderator), Conflict MP7048, MP7041.
    """
    case = case_lock(decision.case)
    decision = Decision.objects.select_for_update(of=("self",)).select_related("case").filter(pk=decision.pk)[0]
    ensure_may(by, Act.UNDO_OWN if decision.by_id == by.user_id else Act.UNDO_ANY)
    if decision.effective_at is None or decision.undone_by_id is not None:
        raise Conflict("MP7048")
    undo = Decision.objects.create(
        case=case,
        effect=Effect.NONE,
        reason="no-violation",
        evidence=note,
        by_id=by.user_id,
        by_name=by.name[:80],
        effective_at=timezone.now(),
    )
    effects.take_back(case=case, subject=subject_of(case), before=decision.before, reason=note or "undone", by=by)
    Decision.objects.filter(pk=decision.pk).update(undone_by=undo)
    ClearedFinding.objects.filter(decision=decision).delete()
    case_move(case, CaseState.OPEN)
    undo_statements_write(undo=undo, taken=decision, case=case)
    case_note(case=case, kind="undone", by=by, text=note)
    _audit(Action.CASE_UNDO, decision, by)
    emit(CaseDecided(case_id=case.pk, decision_id=undo.pk))
    return case


def proposal_of(case: Case) -> Decision | None:
    """What was proposed last and has not taken effect; it stands while the case is proposed."""
    return case.decisions.filter(effective_at=None).order_by("-id").first()


def needs_second(case: Case, effect: Effect, by: Viewer) -> bool:
    """Whether the viewer alone may not do this: too many people have the package, or it takes a senior moderator."""
    if effect not in GRAVE or by.is_system:
        return False
    if effect in SENIOR_EFFECTS and not may(by, Act.DECIDE_GRAVE):
        return True
    package = package_of(subject_of(case))
    return package is not None and reach_of(package).people >= settings.TWO_PERSON_REACH


def ensure_fits(case: Case, ruling: Ruling) -> None:
    """Raise Conflict MP7041, Invalid MP7043, MP7047 when the ruling is none for this case."""
    if case.state != CaseState.OPEN:
        raise Conflict("MP7041", {"before": case.state, "after": CaseState.DECIDED})
    if not may_decide(ruling.reason, ruling.effect, case.subject_kind):
        raise Invalid("MP7043", {"reason": ruling.reason, "effect": ruling.effect})
    if ruling.effect in AGAINST and len(ruling.evidence.strip()) < EVIDENCE_LEAST:
        raise Invalid("MP7047")


def _make_effective(case: Case, decision: Decision, by: Viewer) -> Decision:
    subject = subject_of(case)
    decision.before = effects.apply(effect=Effect(decision.effect), subject=subject, reason=decision.reason, by=by)
    decision.effective_at = timezone.now()
    decision.appeal_until = decision.effective_at + APPEAL
    decision.save(update_fields=["before", "effective_at", "appeal_until"])
    _remember_harmless(case, decision, subject)
    case_move(case, CaseState.DECIDED)
    upheld = decision.effect in AGAINST
    case.reports.filter(outcome=Report.Outcome.WAITING).update(
        outcome=Report.Outcome.UPHELD if upheld else Report.Outcome.DISMISSED
    )
    statements_write(decision=decision, case=case, subject=subject)
    case_note(
        case=case,
        kind="decided",
        by=by,
        text=decision.evidence,
        data={"effect": decision.effect, "reason": decision.reason},
    )
    _audit(Action.CASE_DECIDE, decision, by)
    emit(CaseDecided(case_id=case.pk, decision_id=decision.pk))
    return decision


def _remember_harmless(case: Case, decision: Decision, subject: Any) -> None:
    """A false positive is cleared once: the rule never holds the same bytes of this package again."""
    if decision.reason != "false-positive" or case.version_id is None:
        return
    digests = dict(subject.files.values_list("path", "sha256"))
    hits = subject.findings.filter(severity="error").exclude(path="").values_list("code", "path")
    ClearedFinding.objects.bulk_create(
        [
            ClearedFinding(package=subject.package, rule=rule, sha256=digests[path], path=path, decision=decision)
            for rule, path in hits
            if path in digests
        ],
        ignore_conflicts=True,
    )


def _audit(action: Action, decision: Decision, by: Viewer) -> None:
    audit(
        action,
        by=by,
        kind="case",
        subject=decision.case.public_id,
        name=decision.case.subject_name,
        data={"effect": decision.effect, "reason": decision.reason, "decision": str(decision.public_id)},
    )
