"""Reads of the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import F

from marketplace.models import AuditEntry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

COLUMNS = (
    "id", "public_id", "at", "action", "actor_id", "actor_name", "token", "organization_id", "subject_kind",
    "subject_id", "subject_name", "data", "request_id",
)  # fmt: skip
BATCH = 1000


def audit_rows(*, since: datetime | None = None, until: datetime | None = None) -> Iterator[dict[str, Any]]:
    """Rows from `since` on and before `until`, in order, each with its seal (null while it waits for one)."""
    rows = AuditEntry.objects.order_by("pk").values(*COLUMNS, digest=F("seal__digest"))
    if since is not None:
        rows = rows.filter(at__gte=since)
    if until is not None:
        rows = rows.filter(at__lt=until)
    yield from rows.iterator(chunk_size=BATCH)
