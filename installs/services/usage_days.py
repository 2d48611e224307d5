"""Adds facts up by day, makes partitions ahead, and drops those whose time is over."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import connection
from django.utils import timezone

from installs.models import Holding
from installs.services.downloads import CATALOGUE, NOBODY
from installs.services.use import LOOKED_BACK_DAYS

if TYPE_CHECKING:
    from collections.abc import Iterator

AHEAD_DAYS = 7
LEAST_DAYS = 3
HOLDING_DAYS = 400
ADD_UP = """
INSERT INTO installs_usageday (package_id, day, anonymous, impressions, views, clicks, starts, installs, updates)
SELECT f.package_id, f.day, 0,
  count(*) FILTER (WHERE f.kind = 'impression'),
  count(DISTINCT f.who) FILTER (WHERE f.kind = 'view'),
  count(DISTINCT f.who) FILTER (WHERE f.kind = 'click'),
  count(DISTINCT f.who) FILTER (WHERE f.kind = 'start'),
  count(*) FILTER (WHERE f.kind = 'install'),
  count(*) FILTER (WHERE f.kind = 'update')
FROM installs_usagefact f JOIN registry_package p ON p.id = f.package_id
WHERE f.day = %s AND NOT f.is_bot
GROUP BY f.package_id, f.day
ON CONFLICT (package_id, day) DO UPDATE SET
  impressions = excluded.impressions, views = excluded.views, clicks = excluded.clicks,
  starts = excluded.starts, installs = excluded.installs, updates = excluded.updates
"""
ADD_UP_ANONYMOUS = """
INSERT INTO installs_usageday (package_id, day, anonymous, impressions, views, clicks, starts, installs, updates)
SELECT d.package_id, d.day, count(DISTINCT d.who), 0, 0, 0, 0, 0, 0
FROM installs_download d JOIN registry_package p ON p.id = d.package_id
WHERE d.day = %s AND NOT d.is_bot AND d.who LIKE %s AND d.channel <> %s
GROUP BY d.package_id, d.day
ON CONFLICT (package_id, day) DO UPDATE SET anonymous = excluded.anonymous
"""
PARTS = """
SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = to_regclass(%s) AND c.relname ~ '_[0-9]{8}$' ORDER BY 1
"""


def usage_roll_up(day: date) -> int:
    """Count one day of every package anew; returns the number of packages, at least. Runs as the system."""
    with connection.cursor() as cursor:
        cursor.execute(ADD_UP, [day])
        count = int(cursor.rowcount)
        cursor.execute(ADD_UP_ANONYMOUS, [day, f"{NOBODY}%", CATALOGUE])
        return max(count, int(cursor.rowcount))


def partitions_make() -> list[str]:
    """Make the coming week's partitions of the facts; a day without one lands in the default partition."""
    made = []
    with connection.cursor() as cursor:
        for ahead in range(1, AHEAD_DAYS + 1):
            day = timezone.now().date() + timedelta(days=ahead)
            cursor.execute("SELECT installs_fact_partition_make(%s)", [day])
            if cursor.fetchone()[0]:
                made.append(day.isoformat())
    return made


def partitions_drop() -> list[str]:
    """Drop the days of facts and downloads that are older than the settings keep; returns their names.

    Runs as the system, since rows of the default partitions are deleted one by one.
    """
    today = timezone.now().date()
    dropped = []
    for table, kept in (
        ("installs_usagefact", max(settings.USAGE_KEPT_DAYS, LEAST_DAYS)),
        ("installs_download", max(settings.DOWNLOADS_KEPT_DAYS, LOOKED_BACK_DAYS)),
    ):
        last = today - timedelta(days=kept)
        with connection.cursor() as cursor:
            for name, day in list(_partitions(table)):
                if day < last:
                    cursor.execute("SELECT installs_partition_drop(%s, %s)", [table, day])
                    dropped.append(name)
            cursor.execute("SELECT installs_rest_trim(%s, %s)", [table, last])
    Holding.objects.filter(day__lt=today - timedelta(days=HOLDING_DAYS)).delete()
    return dropped


def _partitions(table: str) -> Iterator[tuple[str, date]]:
    with connection.cursor() as cursor:
        cursor.execute(PARTS, [table])
        for (name,) in cursor.fetchall():
            yield name, datetime.strptime(name[-8:], "%Y%m%d").replace(tzinfo=timezone.get_current_timezone()).date()
