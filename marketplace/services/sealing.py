"""Seals the audit trail: each row's hash is chained to the one before, in id order (ARCHITECTURE, foundation 9)."""

from __future__ import annotations

import hashlib
import json

from django.db import connection, transaction

from marketplace.models import AuditEntry, AuditSeal

LOCK = 7_203_009
BATCH = 1000
FIRST = "0" * 64


def entry_digest(entry: AuditEntry, before: str) -> str:
    """SHA-256 (hex) over the digest before and every column of the row, as canonical JSON."""
    columns = {field.attname: getattr(entry, field.attname) for field in AuditEntry._meta.concrete_fields}
    text = json.dumps(columns, default=str, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{before}{text}".encode()).hexdigest()


@transaction.atomic
def audit_seal() -> int:
    """Seal the rows of finished transactions; returns how many. One run at a time, the others do nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return 0
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        oldest_running = cursor.fetchone()[0]
    newest = AuditSeal.objects.order_by("-entry_id").first()
    waiting = AuditEntry.objects.filter(transaction__lt=oldest_running, pk__gt=newest.pk if newest else 0)
    before, seals = newest.digest if newest else FIRST, []
    for entry in waiting.order_by("pk")[:BATCH]:
        before = entry_digest(entry, before)
        seals.append(AuditSeal(entry=entry, digest=before))
    AuditSeal.objects.bulk_create(seals)
    return len(seals)


def audit_verify() -> int | None:
    """The id of the first sealed row whose content or predecessor was changed; None when the chain is whole."""
    before = FIRST
    for seal in AuditSeal.objects.select_related("entry").order_by("entry_id").iterator(chunk_size=BATCH):
        before = entry_digest(seal.entry, before)
        if seal.digest != before:
            return int(seal.pk)
    return None
