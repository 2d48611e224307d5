"""Prints the yearly report of moderation as JSON, counted from the rows themselves."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.core.errors import NotFound
from reviews.selectors.yearly import year_of

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """`manage.py moderation_report [--year YEAR]`."""

    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which year."""
        parser.add_argument("--year", type=int, default=timezone.now().year, help="default: the running one")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One JSON object."""
        try:
            with tenancy.bound(tenancy.SYSTEM):
                found = year_of(options["year"])
        except NotFound as refusal:
            raise CommandError(f"There is no report of {options['year']}.") from refusal
        self.stdout.write(json.dumps(found.as_json(), indent=1, ensure_ascii=False))
