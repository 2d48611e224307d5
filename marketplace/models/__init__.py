"""The ground's tables."""

from __future__ import annotations

from marketplace.models.audit import AuditEntry, AuditSeal
from marketplace.models.idempotency import IdempotencyKey
from marketplace.models.name import NameClaim
from marketplace.models.notice import Notice, NoticeChoice
from marketplace.models.organization import Membership, Organization
from marketplace.models.outbox import OutboxEntry
from marketplace.models.token import Token
from marketplace.models.user import User

__all__ = [
    "AuditEntry",
    "AuditSeal",
    "IdempotencyKey",
    "Membership",
    "NameClaim",
    "Notice",
    "NoticeChoice",
    "Organization",
    "OutboxEntry",
    "Token",
    "User",
]
