"""Cases: opened by reports, holds, bursts and checks; one active case a subject."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, NotAllowed
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from registry.models import Collection, Package, Publisher, Version
from reviews.domain.events import CaseOpened
from reviews.domain.powers import MAY, Act, Rank, may, rank_of
from reviews.domain.reasons import Subject
from reviews.domain.states import ACTIVE, CaseState, case_may_move
from reviews.models import Case, CaseEvent, Comment, Review

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from marketplace.models import User

DUE = {True: timedelta(hours=4), False: timedelta(hours=72)}
NOTE_MOST = 4000
KINDS: dict[type, Subject] = {
    Package: Subject.PACKAGE,
    Version: Subject.VERSION,
    Publisher: Subject.PUBLISHER,
    Review: Subject.REVIEW,
    Comment: Subject.COMMENT,
    Collection: Subject.COLLECTION,
}


@transaction.atomic
def case_open(
    *, subject: Any, source: str, risk: int, note: str = "", is_urgent: bool = False, by: Viewer = SYSTEM
) -> Case:
    """The active case of the subject (a row of one of six models), opened when there is none; its risk only rises."""
    kind = KINDS[type(subject)]
    _lock(subject)
    active = Case.objects.select_for_update().filter(**{kind.value: subject}, state__in=sorted(ACTIVE))
    case = active.first()
    if case is None:
        case = Case.objects.create(
            **{kind.value: subject},
            subject_name=subject_name(subject),
            source=source,
            risk=risk,
            is_urgent=is_urgent,
            due_at=timezone.now() + DUE[is_urgent],
        )
        audit(
            Action.CASE_OPEN,
            by=by,
            kind="case",
            subject=case.public_id,
            name=case.subject_name,
            data={"source": source},
        )
        emit(CaseOpened(case_id=case.pk, is_urgent=is_urgent))
    elif risk > case.risk or (is_urgent and not case.is_urgent):
        case.risk = max(risk, case.risk)
        if is_urgent and not case.is_urgent:
            case.is_urgent, case.due_at = True, min(case.due_at, timezone.now() + DUE[True])
            emit(CaseOpened(case_id=case.pk, is_urgent=True))
        case.save(update_fields=["risk", "is_urgent", "due_at"])
    case_note(case=case, kind=f"opened:{source}", by=by, text=note)
    return case


def case_note(*, case: Case, kind: str, by: Viewer, text: str = "", data: dict[str, Any] | None = None) -> CaseEvent:
    """Add a line to the case's timeline."""
    return CaseEvent.objects.create(
        case=case, kind=kind, actor_id=by.user_id, actor_name=by.name[:80], text=text, data=data or {}
    )


def case_lock(case: Case, *, revision: int | None = None) -> Case:
    """The case's row, locked; raises Conflict MP7042 when `revision` is not the present one."""
    joined = (
        "version__package__publisher",
        "package__publisher",
        "publisher",
        "review__package",
        "comment__package",
        "collection",
    )
    rows = Case.objects.select_for_update(of=("self",)).select_related(*joined, "assignee")
    locked = rows.filter(pk=case.pk)[0]
    if revision is not None and locked.revision != revision:
        raise Conflict("MP7042")
    return locked


def case_move(case: Case, after: CaseState) -> None:
    """Bring a locked case into state `after` and raise its revision; raises Conflict MP7041."""
    if not case_may_move(CaseState(case.state), after):
        raise Conflict("MP7041", {"before": case.state, "after": after})
    case.state = after
    case.revision += 1
    case.decided_at = timezone.now() if after == CaseState.DECIDED else case.decided_at
    case.save(update_fields=["state", "revision", "decided_at"])


@transaction.atomic
def case_assign(*, case: Case, by: Viewer, revision: int | None = None) -> Case:
    """The moderator takes the case, also from a colleague; raises NotAllowed MP7044, Conflict MP7042."""
    ensure_may(by, Act.TAKE)
    case = _given(case_lock(case, revision=revision), by.user_id, "assigned", by)
    audit(Action.CASE_ASSIGN, by=by, kind="case", subject=case.public_id, name=case.subject_name)
    return case


@transaction.atomic
def case_hand_over(*, case: Case, to: User, by: Viewer, revision: int | None = None) -> Case:
    """Give the case to another moderator; raises NotAllowed MP7044, MP7049, Invalid MP7055, Conflict MP7042."""
    ensure_may(by, Act.HAND_OVER)
    if not to.is_moderator or not to.is_active:
        raise Invalid("MP7055")
    case = _given(case_lock(case, revision=revision), to.pk, "handed-over", by)
    audit(Action.CASE_HAND_OVER, by=by, kind="case", subject=case.public_id, name=case.subject_name)
    return case


@transaction.atomic
def case_write_down(*, case: Case, text: str, by: Viewer) -> CaseEvent:
    """Note something for colleagues; raises NotAllowed MP7044, Invalid MP7021, MP7005."""
    ensure_may(by, Act.NOTE)
    if not text.strip():
        raise Invalid("MP7021")
    if len(text) > NOTE_MOST:
        raise Invalid("MP7005", {"most": NOTE_MOST})
    audit(Action.CASE_NOTE, by=by, kind="case", subject=case.public_id, name=case.subject_name)
    return case_note(case=case, kind="note", by=by, text=text.strip())


def _given(case: Case, to_id: int | None, kind: str, by: Viewer) -> Case:
    Case.objects.filter(pk=case.pk).update(assignee_id=to_id, revision=case.revision + 1)
    case.refresh_from_db()
    case_note(case=case, kind=kind, by=by, text=str(case.assignee or ""))
    return case


def ensure_may(by: Viewer, act: Act) -> None:
    """Raise NotAllowed MP7044 for everybody but moderators and the system, MP7049 where a senior one is needed."""
    if may(by, act):
        return
    is_above = rank_of(by) == Rank.MODERATOR and act in MAY[Rank.SENIOR]
    raise NotAllowed("MP7049" if is_above else "MP7044")


def subject_of(case: Case) -> Any:
    """The row that the case is about."""
    return getattr(case, case.subject_kind.value)


def subject_name(subject: Any) -> str:
    """What the subject is called in lists and statements."""
    match subject:
        case Package():
            return subject.full_name
        case Version():
            return f"{subject.package.full_name}@{subject.number}"
        case Publisher():
            return f"@{subject.name}"
        case Collection():
            return subject.title
        case Review():
            return f"{subject.package.full_name}: {subject.title}"[:250]
        case _:
            return f"{subject.package.full_name}: {subject.text}"[:120]


def package_of(subject: Any) -> Package | None:
    """The package that the subject belongs to; None for a publisher and a collection."""
    if isinstance(subject, Publisher | Collection):
        return None
    package: Package = subject if isinstance(subject, Package) else subject.package
    return package


def _lock(subject: Any) -> None:
    """Two who open a case of one subject follow each other."""
    type(subject)._default_manager.select_for_update(of=("self",)).get(pk=subject.pk)  # noqa: SLF001  (Django's documented name)
