"""Reasons of reports and decisions: codes with what they say to the people concerned, and what a decision does."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Subject(StrEnum):
    """What a case can be about; exactly one of them."""

    PACKAGE = "package"
    VERSION = "version"
    PUBLISHER = "publisher"
    REVIEW = "review"
    COMMENT = "comment"
    COLLECTION = "collection"


class Effect(StrEnum):
    """What a decision does to its subject."""

    APPROVE = "approve"
    REJECT = "reject"
    YANK = "yank"
    QUARANTINE = "quarantine"
    REMOVE = "remove"
    RESTORE = "restore"
    WARN = "warn"
    HIDE = "hide"
    SUSPEND = "suspend"
    FREEZE = "freeze"
    NONE = "none"


EFFECTS: dict[Subject, tuple[Effect, ...]] = {
    Subject.VERSION: (
        Effect.APPROVE,
        Effect.REJECT,
        Effect.YANK,
        Effect.QUARANTINE,
        Effect.REMOVE,
        Effect.RESTORE,
        Effect.WARN,
        Effect.NONE,
    ),
    Subject.PACKAGE: (Effect.QUARANTINE, Effect.REMOVE, Effect.HIDE, Effect.RESTORE, Effect.WARN, Effect.NONE),
    Subject.PUBLISHER: (Effect.SUSPEND, Effect.FREEZE, Effect.RESTORE, Effect.WARN, Effect.NONE),
    Subject.REVIEW: (Effect.HIDE, Effect.RESTORE, Effect.WARN, Effect.NONE),
    Subject.COMMENT: (Effect.HIDE, Effect.RESTORE, Effect.WARN, Effect.NONE),
    Subject.COLLECTION: (Effect.HIDE, Effect.RESTORE, Effect.WARN, Effect.NONE),
}
"""Hiding a package hides the reviews of a burst; leaving it as it is counts them again."""
GRAVE = frozenset({Effect.REMOVE, Effect.QUARANTINE, Effect.SUSPEND})
"""Above the threshold of reach these need a second moderator."""

AGAINST = frozenset(
    {
        Effect.REJECT,
        Effect.YANK,
        Effect.QUARANTINE,
        Effect.REMOVE,
        Effect.HIDE,
        Effect.SUSPEND,
        Effect.FREEZE,
        Effect.WARN,
    }
)
"""These restrict somebody, who gets a statement and may appeal."""


@dataclass(frozen=True, slots=True)
class ReportReason:
    """What a reporter may say; `weight` orders the queue."""

    code: str
    subjects: frozenset[Subject]
    weight: int


CONTENT = frozenset({Subject.PACKAGE, Subject.VERSION})
POSTS = frozenset({Subject.REVIEW, Subject.COMMENT})
REPORT_REASONS: dict[str, ReportReason] = {
    reason.code: reason
    for reason in (
        ReportReason("malware", CONTENT, 100),
        ReportReason("secrets", CONTENT, 70),
        ReportReason("impersonation", CONTENT | {Subject.PUBLISHER, Subject.COLLECTION}, 60),
        ReportReason("capabilities", CONTENT, 50),
        ReportReason("rights", CONTENT | {Subject.PUBLISHER, Subject.COLLECTION}, 40),
        ReportReason("broken", CONTENT, 10),
        ReportReason("spam", frozenset(Subject), 20),
        ReportReason("abuse", POSTS | {Subject.PUBLISHER, Subject.COLLECTION}, 40),
        ReportReason("conflict", POSTS, 30),
        ReportReason("wrong-subject", POSTS, 10),
        ReportReason("other", frozenset(Subject), 10),
    )
}

DECISION_REASONS: dict[str, frozenset[Effect]] = {
    "false-positive": frozenset({Effect.APPROVE, Effect.RESTORE, Effect.NONE}),
    "no-violation": frozenset({Effect.APPROVE, Effect.RESTORE, Effect.NONE}),
    "mended": frozenset({Effect.APPROVE, Effect.RESTORE, Effect.NONE}),
    "appeal-upheld": frozenset({Effect.RESTORE, Effect.APPROVE}),
    "malware": AGAINST,
    "exfiltration": AGAINST,
    "hidden-instructions": AGAINST,
    "undeclared-capability": AGAINST,
    "secrets": AGAINST,
    "vulnerable": AGAINST,
    "impersonation": AGAINST,
    "rights": AGAINST,
    "spam": AGAINST,
    "abuse": AGAINST,
    "conflict-of-interest": AGAINST,
    "manipulation": AGAINST,
    "off-topic": AGAINST,
    "compromised-account": AGAINST,
}
"""Each reason with the effects that it can carry."""

SECURITY: dict[str, str] = {
    "malware": "critical",
    "exfiltration": "critical",
    "compromised-account": "critical",
    "hidden-instructions": "high",
    "undeclared-capability": "high",
    "secrets": "high",
    "vulnerable": "high",
    "impersonation": "high",
}
"""Reasons for which whoever has the versions is warned, and how urgently (npm's words)."""


def severity_of(reason: str) -> str:
    """How urgent the warning is; high while nobody has named the reason."""
    return SECURITY.get(reason, "high")


def may_report(reason: str, subject: Subject) -> bool:
    """Whether this reason can be given for this kind of subject."""
    return reason in REPORT_REASONS and subject in REPORT_REASONS[reason].subjects


def may_decide(reason: str, effect: Effect, subject: Subject) -> bool:
    """Whether the reason carries the effect, and the subject can have it."""
    return effect in EFFECTS[subject] and effect in DECISION_REASONS.get(reason, frozenset())


def reporter_weight(upheld: int, dismissed: int) -> float:
    """How much a reporter's word counts: 1 for a new one, up to 3 for a good record, down to 0.2 for a bad one."""
    return min(max((upheld + 1) / (dismissed + 1), 0.2), 3.0)


TRUSTED_UPHELD = 3


def is_trusted(upheld: int, dismissed: int) -> bool:
    """Whether one report of this person is enough to stop a very young package."""
    return upheld >= TRUSTED_UPHELD and upheld >= 4 * dismissed
