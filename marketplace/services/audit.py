"""Writes what was done, in the transaction that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog

from marketplace.models import AuditEntry, Token

if TYPE_CHECKING:
    from uuid import UUID

    from marketplace.domain.audit import Action
    from marketplace.domain.viewer import Viewer


def audit(
    action: Action,
    *,
    by: Viewer,
    kind: str,
    subject: UUID | None = None,
    name: str = "",
    organization_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Append one entry; call it inside the service's transaction."""
    token = Token.objects.filter(pk=by.token_id).values_list("public_id", flat=True).first() if by.token_id else None
    return AuditEntry.objects.create(
        action=action.value,
        actor_id=by.user_id,
        actor_name=by.name,
        token=token,
        organization_id=organization_id,
        subject_kind=kind,
        subject_id=subject,
        subject_name=name,
        data=data or {},
        request_id=str(structlog.contextvars.get_contextvars().get("request_id", "")),
    )
