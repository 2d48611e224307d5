"""Says what is wrong with this instance, and what to do about it."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from marketplace.core.checkup import Level, lines

COLOURS = {Level.OK: "SUCCESS", Level.WARNING: "WARNING", Level.PROBLEM: "ERROR"}


class Command(BaseCommand):
    """`manage.py doctor`: one line a part; exit code 1 when there is a problem."""

    help = __doc__
    requires_system_checks: list[str] = []

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Look at everything."""
        found = dict.fromkeys(Level, 0)
        for line in lines():
            found[line.level] += 1
            colour = getattr(self.style, COLOURS[line.level])
            self.stdout.write(f"{colour(f'{line.level.value:<8}')} {line.part:<12} {line.says}")
            if line.fix:
                self.stdout.write(f"{'':<22}{line.fix}")
        said = f"{found[Level.OK]} ok, {found[Level.WARNING]} warnings, {found[Level.PROBLEM]} problems"
        self.stdout.write(f"\n{said}")
        if found[Level.PROBLEM]:
            raise SystemExit(1)
