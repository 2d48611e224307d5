"""What a moderator can do with a case, by the name in the form's address; each is a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core.errors import Invalid, NotFound
from marketplace.models import User
from reviews.domain.reasons import DECISION_REASONS, Effect
from reviews.models import Appeal
from reviews.services.appeals import appeal_answer
from reviews.services.cases import case_assign, case_hand_over, case_write_down
from reviews.services.decisions import (
    Ruling,
    decision_reject,
    decision_second,
    decision_take,
    decision_undo,
    proposal_of,
)
from reviews.services.incident_news import incident_tell
from reviews.services.incidents import incident_close

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from marketplace.domain.viewer import Viewer
    from reviews.models import Case, Decision

    Act = Callable[[Case, Mapping[str, str], Viewer], object]


def assign(case: Case, form: Mapping[str, str], by: Viewer) -> None:
    """Take the case."""
    case_assign(case=case, by=by, revision=_revision(form))


def hand_over(case: Case, form: Mapping[str, str], by: Viewer) -> None:
    """Give the case to a colleague."""
    number = form.get("to", "")
    colleague = User.objects.filter(pk=number if number.isdecimal() else 0).first()
    if colleague is None:
        raise Invalid("MP7055")
    case_hand_over(case=case, to=colleague, by=by, revision=_revision(form))


def note(case: Case, form: Mapping[str, str], by: Viewer) -> None:
    """Write something down for colleagues."""
    case_write_down(case=case, text=form.get("text", ""), by=by)


def decide(case: Case, form: Mapping[str, str], by: Viewer) -> None:
    """Decide, or propose where a second moderator is needed."""
    effect, reason = form.get("effect", ""), form.get("reason", "")
    if effect not in set(Effect) or reason not in DECISION_REASONS:
        raise Invalid("MP7043", {"reason": reason[:40], "effect": effect[:40]})
    ruling = Ruling(Effect(effect), reason, form.get("evidence", ""), form.get("scope", ""))
    decision_take(case=case, ruling=ruling, by=by, revision=_revision(form))


def second(case: Case, _form: Mapping[str, str], by: Viewer) -> None:
    """Agree with the proposal."""
    decision_second(decision=_proposed(case), by=by)


def disagree(case: Case, form: Mapping[str, str], by: Viewer) -> None:
    """Disagree with the proposal."""
    decision_reject(decision=_proposed(case), by=by, note=form.get("text", ""))


def undo(case: Case, form: Mapping[str, str], by: Viewer) -> None:
    """Take the last decision back."""
    taken = case.decisions.filter(effective_at__isnull=False, undone_by=None, undoes=None).order_by("-id").first()
    if taken is None:
        raise NotFound("MP7040")
    decision_undo(decision=taken, by=by, note=form.get("text", ""))


def answer(case: Case, form: Mapping[str, str], by: Viewer) -> None:
    """Answer an appeal."""
    number = form.get("appeal", "")
    waiting = Appeal.objects.select_related("decision__case").filter(decision__case=case, outcome="waiting")
    appeal = waiting.filter(pk=number if number.isdecimal() else 0).first()
    if appeal is None:
        raise NotFound("MP7040")
    appeal_answer(appeal=appeal, is_upheld=form.get("outcome") == "upheld", answer=form.get("text", ""), by=by)


def close_incident(case: Case, form: Mapping[str, str], by: Viewer) -> None:
    """Close the incident with its report."""
    incident_close(case=case, report=form.get("text", ""), by=by)


def tell(case: Case, _form: Mapping[str, str], by: Viewer) -> None:
    """Tell everybody who has it."""
    incident_tell(case=case, by=by)


def _proposed(case: Case) -> Decision:
    decision = proposal_of(case)
    if decision is None:
        raise NotFound("MP7040")
    return decision


def _revision(form: Mapping[str, str]) -> int | None:
    number = form.get("revision", "")
    return int(number) if number.isdecimal() and len(number) < 10 else None  # noqa: PLR2004  (an integer column)


ACTS: dict[str, Act] = {
    "assign": assign,
    "hand-over": hand_over,
    "note": note,
    "decide": decide,
    "second": second,
    "disagree": disagree,
    "undo": undo,
    "answer": answer,
    "tell": tell,
    "incident": close_incident,
}
