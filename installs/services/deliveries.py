"""Counts what a cache before the site has given away without asking it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from installs.domain.deliveries import Delivered, delivered
from installs.domain.usage import BOTS
from installs.models import Download
from installs.services.downloads import CHANNELS, downloads_roll_up, who_of
from marketplace.domain.viewer import ANONYMOUS
from registry.models import VersionArtifact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

CHUNK = 1000


def deliveries_record(lines: Iterable[str]) -> int:
    """Write a row for each delivery of the lines and count their days anew; returns how many rows.

    Lines that were read before do no harm to the counts, which are of distinct readers.
    """
    count, days, left = 0, set[date](), iter(lines)
    while chunk := list(islice(left, CHUNK)):
        rows = list(_rows([found for line in chunk if (found := delivered(line)) is not None]))
        with transaction.atomic():
            Download.objects.bulk_create(rows)
        days |= {row.at.date() for row in rows}
        count += len(rows)
    for day in sorted(days):
        downloads_roll_up(day)
    return count


def _rows(found: list[Delivered]) -> Iterator[Download]:
    files = _files(found)
    for one in found:
        row = files.get((one.full_name, one.number, "" if one.is_npm else one.file))
        if row is not None:
            day = one.at.date()
            yield Download(
                day=day,
                at=one.at,
                package_id=row.version.package_id,
                version_id=row.version_id,
                channel=CHANNELS[VersionArtifact.Role(row.role)],
                client=one.client[:80],
                who=who_of(ANONYMOUS, one.address, day),
                is_bot=bool(BOTS.search(one.client)),
                is_first=False,
            )


def _files(found: list[Delivered]) -> dict[tuple[str, str, str], VersionArtifact]:
    """The files by full name, number and file name (empty for npm's), in one query."""
    numbers = defaultdict(set)
    for one in found:
        numbers[one.full_name].add(one.number)
    wanted = Q(pk__in=[])
    for name, named in numbers.items():
        wanted |= Q(version__package__full_name=name, version__number__in=named)
    rows = VersionArtifact.objects.filter(wanted, role__in=CHANNELS).select_related("version__package")
    return {
        (
            row.version.package.full_name,
            row.version.number,
            "" if row.role == VersionArtifact.Role.NPM else row.name,
        ): row
        for row in rows
    }
