"""Load the demo people and packages: `manage.py demo_load`. Only with DEMO=1; loading again changes nothing."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from marketplace.core import demo, tenancy
from marketplace.domain.demo import PEOPLE


class Command(BaseCommand):
    """One line a part; the sign-ins are written to demo.json in the data folder."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Load every part; the exit code is 1 without DEMO=1."""
        if not settings.DEMO:
            raise CommandError("Demo data is for trying the product on a machine of one's own: set DEMO=1 to load it.")
        with tenancy.bound(tenancy.SYSTEM):
            for part in demo.PARTS:
                self.stdout.write(f"{part.name}: {part.load()} new")
        signins = [{"role": it.role, "email": it.email, "password": it.password} for it in PEOPLE if it.password]
        target = settings.DATA_DIR / "demo.json"
        target.touch(mode=0o600)
        target.write_text(json.dumps(signins, indent=2), encoding="utf-8")
