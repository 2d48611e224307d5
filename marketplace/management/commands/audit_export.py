"""Prints the audit trail as JSON lines, oldest first, each row with its seal."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware

from marketplace.core import tenancy
from marketplace.selectors.audit import audit_rows

if TYPE_CHECKING:
    from argparse import ArgumentParser
    from datetime import datetime


def _moment(text: str) -> datetime:
    found = parse_datetime(text if "T" in text else f"{text}T00:00:00Z")
    if found is None:
        raise CommandError(f"{text} is not a time such as 2026-03-01 or 2026-03-01T12:00:00Z.")
    return make_aware(found) if is_naive(found) else found


class Command(BaseCommand):
    """`manage.py audit_export [--since TIME] [--until TIME] > trail.jsonl`."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """A span of time."""
        parser.add_argument("--since", help="only rows from this time on (ISO 8601)")
        parser.add_argument("--until", help="only rows before this time (ISO 8601)")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One object a line; memory stays the same however long the trail is."""
        since, until = (_moment(text) if text else None for text in (options["since"], options["until"]))
        with tenancy.bound(tenancy.SYSTEM):
            for row in audit_rows(since=since, until=until):
                self.stdout.write(json.dumps(row, cls=DjangoJSONEncoder, sort_keys=True, ensure_ascii=False))
