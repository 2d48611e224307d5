"""Downloads are written down before the first byte leaves, and counted once a day for each who, version and channel."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from django.conf import settings
from django.db import connection
from django.db.models import Count, Sum
from django.utils import timezone

from installs.domain.usage import BOTS
from installs.models import Download, DownloadDay
from installs.services.usage import Visit, delivery_of_version, usage_note
from registry.models import VersionArtifact

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date, datetime

    from marketplace.domain.viewer import Viewer
    from registry.models import Version

AHEAD_DAYS = 7
NOBODY = "-"
CATALOGUE = "git-catalog"
"""The channel of the whole site's repository: who fetches it has not chosen a package."""
CHANNELS = {
    VersionArtifact.Role.PLUGIN: "claude",
    VersionArtifact.Role.SKILL: "skills",
    VersionArtifact.Role.MCPB: "mcpb",
    VersionArtifact.Role.NPM: "npm",
}
"""Through which channel each kind of file leaves."""

RECORD = """
INSERT INTO installs_download (day, at, package_id, version_id, channel, client, who, is_bot, is_first)
SELECT sent.day, sent.at, sent.package_id, sent.version_id, sent.channel, sent.client, sent.who, sent.is_bot,
  sent.number = 1 AND NOT EXISTS (
    SELECT 1 FROM installs_download d
    WHERE d.version_id = sent.version_id AND d.day = sent.day AND d.who = sent.who AND d.channel = sent.channel
  )
FROM (
  SELECT *, row_number() OVER (PARTITION BY version_id, day, who, channel ORDER BY at) AS number
  FROM unnest(
    %s::date[], %s::timestamptz[], %s::bigint[], %s::bigint[], %s::text[], %s::text[], %s::text[], %s::boolean[]
  ) AS given (day, at, package_id, version_id, channel, client, who, is_bot)
) AS sent
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """How the bytes leave: the channel, the client as it names itself, and the address it comes from."""

    channel: str
    client: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """One version's bytes on one channel."""

    package_id: int
    version_id: int
    channel: str


class Row(NamedTuple):
    """A delivery as it is written down; `who` is a keyed hash."""

    day: date
    at: datetime
    package_id: int
    version_id: int
    channel: str
    client: str
    who: str
    is_bot: bool


def who_of(viewer: Viewer, address: str, day: date) -> str:
    """A keyed hash that tells deliveries of one day apart and nothing more (32 characters).

    It begins with NOBODY for an address that came with neither an account nor a personal address.
    """
    holder = f"user:{viewer.user_id}" if viewer.user_id is not None else f"address:{address}"
    text = f"{day.isoformat()} {holder}".encode()
    hashed = hmac.new(settings.SECRET_KEY.encode(), text, hashlib.sha256).hexdigest()
    is_known = viewer.user_id is not None or viewer.library_id is not None
    return hashed[:32] if is_known else f"{NOBODY}{hashed[:31]}"


def download_record(*, version: Version, viewer: Viewer, delivery: Delivery) -> None:
    """Append one row; the first of the day for this who, version and channel is the one that counts."""
    downloads_record(versions=[version], viewer=viewer, delivery=delivery)


def downloads_record(*, versions: Iterable[Version], viewer: Viewer, delivery: Delivery) -> None:
    """Append a row for each of the versions that leave in one delivery; one statement however many they are."""
    wanted = list(versions)
    if not wanted:
        return
    day, at, _, _, channel, client, who, is_bot = row_of(wanted[0].package_id, wanted[0].pk, viewer, delivery)
    rows_write([Row(day, at, one.package_id, one.pk, channel, client, who, is_bot) for one in wanted])
    if delivery.channel != CATALOGUE:
        things = [delivery_of_version(viewer, version.package_id, version.pk) for version in wanted]
        visit = Visit(viewer, delivery.address, delivery.client)
        usage_note(visit, [thing for thing in things if thing is not None])


def row_of(package_id: int, version_id: int, viewer: Viewer, delivery: Delivery) -> Row:
    """The row of a delivery that begins now."""
    now = timezone.now()
    day, client = now.date(), delivery.client[:80].replace("\0", "")
    who = who_of(viewer, delivery.address, day)
    return Row(day, now, package_id, version_id, delivery.channel, client, who, bool(BOTS.search(client)))


def rows_write(rows: Sequence[Row]) -> None:
    """Append the rows in one statement; the first of a day for its who, version and channel is the one that counts."""
    with connection.cursor() as cursor:
        cursor.execute(RECORD, [list(column) for column in zip(*rows, strict=True)])


def fetched_on(*, viewer: Viewer, package_ids: Iterable[int], days: int = 30) -> dict[int, list[str]]:
    """On which channels a signed-in viewer's own clients have fetched each package in the last days, by primary key."""
    today = timezone.now().date()
    past = [today - timedelta(days=back) for back in range(days)]
    mine = [who_of(viewer, "", day) for day in past]
    rows = Download.objects.filter(day__gte=past[-1], who__in=mine, package_id__in=list(package_ids))
    found: dict[int, list[str]] = {}
    for package_id, channel in rows.order_by("channel").values_list("package_id", "channel").distinct():
        found.setdefault(package_id, []).append(channel)
    return found


def downloads_roll_up(day: date) -> int:
    """Count one day anew: distinct whos by version and channel, bots apart; returns the number of rows."""
    counted = (
        Download.objects.filter(day=day, is_bot=False)
        .values("package_id", "version_id", "channel")
        .annotate(count=Count("who", distinct=True))
    )
    rows = [DownloadDay(day=day, **row) for row in counted]
    DownloadDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["version", "day", "channel"], update_fields=["count"]
    )
    return len(rows)


def month_counts() -> dict[int, int]:
    """Distinct downloads of every package in the last thirty days, by primary key."""
    since = timezone.now().date() - timedelta(days=30)
    days = DownloadDay.objects.filter(day__gt=since).exclude(channel=CATALOGUE)
    return dict(days.values_list("package_id").annotate(total=Sum("count")))


def partitions_ensure() -> list[str]:
    """Make the partitions of the coming week; a day without one lands in the default partition, so nothing is lost."""
    made = []
    with connection.cursor() as cursor:
        for ahead in range(1, AHEAD_DAYS + 1):
            day = timezone.now().date() + timedelta(days=ahead)
            cursor.execute("SELECT installs_partition_make(%s)", [day])
            if cursor.fetchone()[0]:
                made.append(day.isoformat())
    return made
