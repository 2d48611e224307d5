"""Billing periods: months keep their day of the month where they can."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta


def after(at: int, interval: str, count: int, anchor: int) -> int:
    """The end of the period that begins at `at` (seconds); `anchor` gives the day of the month."""
    moment = datetime.fromtimestamp(at, UTC)
    if interval in {"day", "week"}:
        return int((moment + timedelta(days=count * (7 if interval == "week" else 1))).timestamp())
    months = moment.year * 12 + moment.month - 1 + count * (12 if interval == "year" else 1)
    year, month = divmod(months, 12)
    day = min(datetime.fromtimestamp(anchor, UTC).day, calendar.monthrange(year, month + 1)[1])
    return int(moment.replace(year=year, month=month + 1, day=day).timestamp())


def part(amount: int, now: int, starts: int, ends: int) -> int:
    """The share of an amount for what is left of the period, to the nearest minor unit."""
    left, whole = max(ends - now, 0), max(ends - starts, 1)
    return (abs(amount) * left * 2 + whole) // (2 * whole) * (1 if amount >= 0 else -1)
