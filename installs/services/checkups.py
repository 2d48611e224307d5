"""The check of installs for the doctor: downloads and usage facts have partitions for the days to come."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from marketplace.core.checkup import Level, Line

if TYPE_CHECKING:
    from collections.abc import Iterator

DAYS = 2


def partitions_look() -> Iterator[Line]:
    """Today and the coming days have a partition of their own."""
    today = timezone.now().date()
    days = [today + timedelta(days=ahead) for ahead in range(DAYS + 1)]
    names = [f"{table}_{day:%Y%m%d}" for table in ("installs_download", "installs_usagefact") for day in days]
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM unnest(%s::text[]) AS name WHERE to_regclass(name) IS NULL", [names])
        missing = [row[0] for row in cursor.fetchall()]
    if missing:
        yield Line(
            Level.WARNING,
            "partitions",
            f"{', '.join(missing)} is missing; its rows go to the default partition",
            "Let beat and a worker run: they make partitions every hour.",
        )
    else:
        yield Line(Level.OK, "partitions", f"downloads and usage have partitions for {DAYS} days and more")
