"""Import every package of a repository: `manage.py import_marketplace PATH_OR_GIT_URL --publisher NAME [--json]`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from marketplace.core import tenancy
from marketplace.core.codes import sentence
from marketplace.core.errors import MarketplaceError
from marketplace.domain.viewer import SYSTEM
from registry.clients.source_host import SourceRefused
from registry.domain.archives import ArchiveRefused
from registry.models import Publisher
from registry.services.import_run import EntryOutcome, import_run


class Command(BaseCommand):
    """One line an entry: published, unchanged, or skipped with a code and the reason."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from, as whom, and how to say it."""
        parser.add_argument("source", help="a folder on this machine, or the https address of a git repository")
        parser.add_argument("--publisher", required=True, help="the publisher's name, which must exist")
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Import, printing as it goes; exit code 1 when nothing could be read."""
        source = options["source"]
        address = source if "://" in source else str(Path(source).resolve())
        with tenancy.bound(tenancy.SYSTEM):
            publisher = Publisher.objects.filter(name=options["publisher"]).first()
            if publisher is None:
                raise CommandError(sentence("MP3001", {"name": options["publisher"]}))
            try:
                for outcome in import_run(address=address, publisher=publisher, by=SYSTEM):
                    self.say(outcome, as_json=options["json"])
            except SourceRefused as refused:
                raise CommandError(sentence("MP3041", {"reason": str(refused)})) from refused
            except ArchiveRefused as refused:
                raise CommandError(sentence(refused.code, refused.params)) from refused
            except MarketplaceError as refused:
                raise CommandError(str(refused)) from refused

    def say(self, outcome: EntryOutcome, *, as_json: bool) -> None:
        """Print one entry."""
        if as_json:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
            return
        reason = f"  {outcome.code} {outcome.reason}" if outcome.code else ""
        self.stdout.write(f"{outcome.result:<10} {outcome.name} {outcome.number}{reason}")
