"""Read again what other detectors have read: `manage.py capabilities_reread`."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from marketplace.core import tenancy
from registry.services.rereading import stale_versions, version_reread


class Command(BaseCommand):
    """At once and in this process; the worker does the same in the background."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Read each version and say how many there were; status 1 when some could not be read."""
        changed, failed = 0, 0
        with tenancy.bound(tenancy.SYSTEM):
            keys = list(stale_versions().values_list("pk", flat=True))
            for pk in keys:
                try:
                    changed += version_reread(pk)
                except Exception as error:  # noqa: BLE001  (one version that cannot be read keeps none of the others)
                    failed += 1
                    self.stderr.write(f"version {pk}: {type(error).__name__}: {error}")
        self.stdout.write(f"{len(keys)} versions read, {changed} can do something else than was known")
        if failed:
            raise CommandError(f"{failed} versions could not be read.", returncode=1)
