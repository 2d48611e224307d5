"""One ruling for many cases: tried first, then taken, then taken back as a whole; by senior moderators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.core.errors import Invalid, MarketplaceError, NotFound
from marketplace.core.ids import uuid7
from reviews.domain.powers import Act
from reviews.models import Case, Decision
from reviews.services.cases import ensure_may
from reviews.services.decisions import decision_take, decision_undo

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from marketplace.domain.viewer import Viewer
    from reviews.services.decisions import Ruling

MOST = 100


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case, or would: the refusal's sentence (empty: none), and whether it is only a proposal."""

    case: Case
    refusal: str = ""
    is_proposal: bool = False
    statements: int = 0


def bulk_try(*, cases: Sequence[Case], ruling: Ruling, by: Viewer) -> list[Outcome]:
    """Decide each case and roll it back: what would happen. Raises NotAllowed MP7044, MP7049, Invalid MP7057."""
    _ensure(cases, by)
    return [_tried(case, ruling, by) for case in cases]


def bulk_take(*, cases: Sequence[Case], ruling: Ruling, by: Viewer) -> tuple[UUID, list[Outcome]]:
    """Decide each case by itself, a refusal stops no other; raises as `bulk_try`. Returns the batch's number."""
    _ensure(cases, by)
    batch = uuid7()
    return batch, [_taken(case, ruling, by, batch) for case in cases]


def bulk_undo(*, batch: UUID, by: Viewer, note: str) -> list[Outcome]:
    """Take back every decision of the batch that still stands; raises NotAllowed MP7044, MP7049, NotFound MP7058."""
    ensure_may(by, Act.UNDO_ANY)
    rows = Decision.objects.filter(batch=batch, effective_at__isnull=False, undone_by=None).select_related("case")
    decisions = list(rows.order_by("-pk"))
    if not decisions:
        raise NotFound("MP7058")
    return [_undone(decision, by, note) for decision in decisions]


def _ensure(cases: Sequence[Case], by: Viewer) -> None:
    ensure_may(by, Act.BULK)
    if len(cases) > MOST:
        raise Invalid("MP7057", {"most": MOST})


def _tried(case: Case, ruling: Ruling, by: Viewer) -> Outcome:
    try:
        with transaction.atomic():
            outcome = _outcome(case, decision_take(case=case, ruling=ruling, by=by, batch=uuid7()))
            transaction.set_rollback(True)
    except MarketplaceError as refusal:
        return Outcome(case, refusal=str(refusal))
    return outcome


def _taken(case: Case, ruling: Ruling, by: Viewer, batch: UUID) -> Outcome:
    try:
        return _outcome(case, decision_take(case=case, ruling=ruling, by=by, batch=batch))
    except MarketplaceError as refusal:
        return Outcome(case, refusal=str(refusal))


def _undone(decision: Decision, by: Viewer, note: str) -> Outcome:
    try:
        decision_undo(decision=decision, by=by, note=note)
    except MarketplaceError as refusal:
        return Outcome(decision.case, refusal=str(refusal))
    return Outcome(decision.case)


def _outcome(case: Case, decision: Decision) -> Outcome:
    is_proposal = decision.effective_at is None
    return Outcome(case, is_proposal=is_proposal, statements=decision.statements.count())
