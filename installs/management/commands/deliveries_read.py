"""`manage.py deliveries_read FILE ...`: count what a cache before the site gave away; for its log's rotation."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand

from installs.services.deliveries import deliveries_record
from marketplace.core import tenancy

if TYPE_CHECKING:
    from argparse import ArgumentParser


class Command(BaseCommand):
    """Reads rotated logs of deliveries."""

    help = "Count the downloads in rotated logs of the cache before the site (deploy/nginx)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The files."""
        parser.add_argument("file", nargs="+", type=Path)

    def handle(self, *_args: object, **options: Any) -> None:
        """Read each file as the system and say how many deliveries it told of."""
        for path in options["file"]:
            with tenancy.bound(tenancy.SYSTEM), path.open(encoding="utf-8", errors="replace") as lines:
                count = deliveries_record(lines)
            self.stdout.write(f"{path}: {count} deliveries.")
