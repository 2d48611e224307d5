"""What happens among people."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.events import Event


@dataclass(frozen=True, slots=True)
class ReviewChanged(Event):
    """A review was written, changed, hidden, shown again or deleted."""

    review_id: int
    package_id: int


@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    """A case waits for a moderator."""

    case_id: int
    is_urgent: bool


@dataclass(frozen=True, slots=True)
class CaseDecided(Event):
    """A decision was taken, or an appeal answered; its statements have to be sent."""

    case_id: int
    decision_id: int
