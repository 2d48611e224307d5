"""Write every search document anew."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from marketplace.core import tenancy
from registry.services.search import search_rebuild


class Command(BaseCommand):
    """`manage.py search_rebuild`."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Rebuild and say how many."""
        with tenancy.bound(tenancy.SYSTEM):
            self.stdout.write(f"{search_rebuild()} packages")
