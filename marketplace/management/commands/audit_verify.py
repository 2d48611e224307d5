"""Checks that no sealed row of the audit trail was changed, and none taken out."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from marketplace.core import tenancy
from marketplace.models import AuditEntry, AuditSeal
from marketplace.services.sealing import audit_verify


class Command(BaseCommand):
    """`manage.py audit_verify`: exit code 1 names the first row that is not as it was sealed."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Walk along the chain."""
        with tenancy.bound(tenancy.SYSTEM):
            broken = audit_verify()
            sealed, all_rows = AuditSeal.objects.count(), AuditEntry.objects.count()
            newest = AuditSeal.objects.order_by("-entry_id").values_list("digest", flat=True).first()
        if broken is not None:
            self.stderr.write(f"Row {broken} or the one before it was changed after it was sealed.")
            raise SystemExit(1)
        self.stdout.write(f"{sealed} rows are as they were sealed, {all_rows - sealed} wait for their seal.")
        if newest:
            self.stdout.write(f"The newest seal is {newest}; keep it elsewhere to prove that nothing was cut off.")
