"""Appeals: by the people concerned and by reporters, within six months, answered by another moderator."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.core.errors import Conflict, Invalid, NotAllowed
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from reviews.domain.events import CaseDecided
from reviews.domain.powers import Act
from reviews.domain.reasons import Effect
from reviews.domain.states import CaseState
from reviews.models import Appeal, Case, Decision
from reviews.services import effects
from reviews.services.cases import case_lock, case_move, case_note, ensure_may, subject_of
from reviews.services.statements import appeal_notice, undo_statements_write

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

TEXT_LEAST = 10
TEXT_MOST = 6000


@transaction.atomic
def appeal_make(*, decision: Decision, text: str, by: Viewer) -> Appeal:
    """Object to a decision; raises NotAllowed MP7050, Conflict MP7051, MP7052, MP7048, Invalid MP7054, MP7005."""
    case = case_lock(decision.case)
    if by.user_id is None or not decision.statements.filter(recipient_id=by.user_id).exists():
        raise NotAllowed("MP7050")
    if len(text.strip()) < TEXT_LEAST:
        raise Invalid("MP7054")
    if len(text) > TEXT_MOST:
        raise Invalid("MP7005", {"most": TEXT_MOST})
    if decision.undone_by_id is not None:
        raise Conflict("MP7048")
    if decision.appeal_until is None or timezone.now() > decision.appeal_until:
        until = date_format(decision.appeal_until, "j F Y") if decision.appeal_until else "-"
        raise Conflict("MP7051", {"until": until})
    if decision.appeals.filter(appellant_id=by.user_id).exists():
        raise Conflict("MP7052")
    appeal = Appeal.objects.create(decision=decision, appellant_id=by.user_id, text=text.strip())
    if case.state == CaseState.DECIDED:
        case_move(case, CaseState.APPEALED)
    case_note(case=case, kind="appealed", by=by, text=text.strip())
    _audit(Action.APPEAL_MAKE, appeal, case, by)
    return appeal


@transaction.atomic
def appeal_answer(*, appeal: Appeal, is_upheld: bool, answer: str, by: Viewer) -> Appeal:
    """Answer an appeal; an upheld one undoes the decision's effect. The case closes with its last open appeal.

    Raises NotAllowed MP7044, MP7053, Conflict MP7052, Invalid MP7047.
    """
    ensure_may(by, Act.ANSWER)
    case = case_lock(appeal.decision.case)
    appeal = Appeal.objects.select_for_update().select_related("decision").get(pk=appeal.pk)
    decision = appeal.decision
    if by.user_id in {decision.by_id, decision.seconded_by_id} and not by.is_system:
        raise NotAllowed("MP7053")
    if appeal.outcome != Appeal.Outcome.WAITING:
        raise Conflict("MP7052")
    if len(answer.strip()) < TEXT_LEAST:
        raise Invalid("MP7047")
    appeal.outcome = Appeal.Outcome.UPHELD if is_upheld else Appeal.Outcome.DENIED
    appeal.answer, appeal.answered_by_id, appeal.answered_at = answer.strip(), by.user_id, timezone.now()
    appeal.save(update_fields=["outcome", "answer", "answered_by", "answered_at"])
    if is_upheld and decision.undone_by_id is None:
        _undo(case, decision, appeal, by)
    if not Appeal.objects.filter(decision__case=case, outcome=Appeal.Outcome.WAITING).exists():
        case_move(case, CaseState.CLOSED)
    case_note(case=case, kind=f"appeal:{appeal.outcome}", by=by, text=answer.strip())
    title = (
        _("Your appeal about %(subject)s was upheld") if is_upheld else _("Your appeal about %(subject)s was denied")
    )
    appeal_notice(appeal, title=title % {"subject": case.subject_name[:120]}, text=answer.strip())
    _audit(Action.APPEAL_ANSWER, appeal, case, by)
    return appeal


@transaction.atomic
def cases_close() -> int:
    """Close decided cases whose time for an appeal is over; returns how many."""
    over = Case.objects.select_for_update(skip_locked=True).filter(state=CaseState.DECIDED)
    late = over.exclude(decisions__appeal_until__gt=timezone.now())
    closed = 0
    for case in late:
        case_move(case, CaseState.CLOSED)
        case_note(case=case, kind="closed", by=SYSTEM)
        audit(Action.CASE_CLOSE, by=SYSTEM, kind="case", subject=case.public_id, name=case.subject_name)
        closed += 1
    return closed


def _undo(case: Case, decision: Decision, appeal: Appeal, by: Viewer) -> None:
    undo = Decision.objects.create(
        case=case,
        effect=Effect.RESTORE,
        reason="appeal-upheld",
        evidence=appeal.answer,
        by_id=by.user_id,
        by_name=by.name[:80],
        effective_at=timezone.now(),
    )
    Decision.objects.filter(pk=decision.pk).update(undone_by=undo)
    effects.take_back(case=case, subject=subject_of(case), before=decision.before, reason="appeal-upheld", by=by)
    undo_statements_write(undo=undo, taken=decision, case=case, but=appeal.appellant_id)
    emit(CaseDecided(case_id=case.pk, decision_id=undo.pk))


def _audit(action: Action, appeal: Appeal, case: Case, by: Viewer) -> None:
    audit(action, by=by, kind="case", subject=case.public_id, name=case.subject_name, data={"outcome": appeal.outcome})
