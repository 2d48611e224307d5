"""The audit trail, and work that was promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from marketplace.core.admin import Records, records
from marketplace.models import AuditEntry, AuditSeal, IdempotencyKey, OutboxEntry
from marketplace.services.outbox import replay
from marketplace.services.viewers import viewer_from

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest


class OutboxRecords(Records):
    """Promises; those that were given up may be tried again."""

    actions = ("replay",)

    @admin.action(description=_("Try again what was given up"))
    def replay(self, request: HttpRequest, rows: QuerySet[OutboxEntry]) -> None:
        """Have a worker try them once more."""
        by = viewer_from(request)
        self.each(request, rows.exclude(given_up_at=None), lambda entry: replay(entry=entry, by=by))


records(
    AuditEntry,
    "at action actor_name subject_kind subject_name organization_id",
    search="=action =actor_id actor_name subject_name =subject_id =request_id",
    filters="subject_kind",
    for_moderators=True,
)
records(AuditSeal, "entry digest sealed_at")
records(
    OutboxEntry,
    "job queue due_at attempts given_up_at error",
    search="job key public_id error",
    filters="queue job",
    base=OutboxRecords,
)
records(IdempotencyKey, "user key status created_at", search="user__email key", hidden="body headers")
