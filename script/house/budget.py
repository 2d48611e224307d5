"""Budgets of time: what outgrows its own fails, except on a machine that was busy with other work before."""

from __future__ import annotations

import os
from dataclasses import dataclass

from house.console import say


@dataclass(frozen=True, slots=True)
class Budget:
    """How many seconds something called `name` may take; `counts` is False where the clock cannot be trusted."""

    name: str
    seconds: float
    counts: bool

    def is_outgrown(self, took: float) -> bool:
        """Whether `took` seconds are a failure; says so when they are too many, counted or not."""
        if took <= self.seconds:
            return False
        verdict = "" if self.counts else " It does not count: this machine was busy with other work."
        say(f"{self.name} took {took:.0f} s; the budget is {self.seconds:.0f} s.{verdict}")
        return self.counts


def is_clock_fair() -> bool:
    """Whether nothing else keeps this machine's processors busy; always in CI, which must be alone."""
    return bool(os.environ.get("CI")) or os.getloadavg()[0] < (os.cpu_count() or 1)
