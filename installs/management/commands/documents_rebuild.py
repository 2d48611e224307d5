"""`manage.py documents_rebuild`: render all documents of the channels, after a base address or a form has changed."""

from __future__ import annotations

from django.core.management.base import BaseCommand

from installs.services.catalogue import entries_rebuild
from installs.services.documents import documents_rebuild
from marketplace.core import tenancy


class Command(BaseCommand):
    """Renders every package's documents."""

    help = "Render every package's documents anew (after NPM_HOST or BASE_URL has changed)."

    def handle(self, *_args: object, **_options: object) -> None:
        """Work as the system and say how many packages were rendered."""
        with tenancy.bound(tenancy.SYSTEM):
            count = documents_rebuild()
            entries_rebuild()
        self.stdout.write(f"{count} packages rendered.")
