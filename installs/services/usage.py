"""Notes what people do, off the request's way, and writes it down in bulk; definitions stand in docs/numbers.md."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from installs.clients.usage_queue import QueueFailed, usage_queue
from installs.domain.usage import BOTS, Happened, Kind, Noted, unpacked
from installs.models import Holding, UsageFact, UsagePosition
from registry.models import Package

if TYPE_CHECKING:
    from collections.abc import Iterable

    from installs.clients.usage_queue import Waiting
    from marketplace.domain.viewer import Viewer

log = structlog.get_logger(__name__)

BATCH = 1000
BATCHES = 50
POSITION = "facts"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, from which address, with which program."""

    viewer: Viewer
    address: str
    program: str


def usage_note(visit: Visit, things: Iterable[Happened]) -> None:
    """Put what happened into the queue; never fails, and costs the request one call to Redis."""
    told = tuple(things)
    if not told:
        return
    now = timezone.now()
    try:
        queue = usage_queue()
        who = _hash(queue.salt(now.date()), _holder(visit.viewer) or f"address:{visit.address}")
        queue.put(Noted(now.date(), now, who, bool(BOTS.search(visit.program)), told).packed())
    except QueueFailed as failed:
        log.warning("usage.lost", count=len(told), error=str(failed))


def delivery_of_version(viewer: Viewer, package_id: int, version_id: int) -> Happened | None:
    """Bytes that leave to an account or a personal address; None for others, of whom nothing is known tomorrow."""
    holder = _holder(viewer)
    if not holder:
        return None
    holding = _hash(settings.SECRET_KEY.encode(), f"holding {package_id} {holder}")
    return Happened(Kind.DELIVERY, package_id, version_id=version_id, holding=holding)


def usage_write() -> int:
    """Write down what waits, each thing once; returns how many rows. Raises QueueFailed."""
    written = 0
    for _ in range(BATCHES):
        count, lines = _batch()
        written += count
        if lines < BATCH:
            break
    return written


def _batch() -> tuple[int, int]:
    """One transaction: the rows, and how far they reach. Returns the rows written and the lines read."""
    queue = usage_queue()
    with transaction.atomic():
        UsagePosition.objects.get_or_create(name=POSITION)
        place = UsagePosition.objects.select_for_update().get(name=POSITION)
        waiting = queue.read(place.position, BATCH)
        if not waiting:
            return 0, 0
        rows = _rows(waiting)
        UsageFact.objects.bulk_create(rows, batch_size=BATCH)
        place.position = waiting[-1].position
        place.save(update_fields=["position"])
    queue.forget(place.position)
    return len(rows), len(waiting)


def _rows(waiting: list[Waiting]) -> list[UsageFact]:
    noted = [told for one in waiting if (told := unpacked(one.line)) is not None]
    known = _holdings(noted)
    rows = [row for told in noted for thing in told.things if (row := _row(told, thing, known)) is not None]
    _ranks_fill(rows)
    return rows


def _row(told: Noted, thing: Happened, known: dict[str, int | None]) -> UsageFact | None:
    kind = thing.kind
    if kind is Kind.DELIVERY:
        before = known.get(thing.holding, thing.version_id)
        if before == thing.version_id:
            return None
        known[thing.holding] = thing.version_id
        kind = Kind.INSTALL if before is None else Kind.UPDATE
    return UsageFact(
        day=told.day,
        at=told.at,
        kind=kind.value,
        package_id=thing.package_id or None,
        who=told.who,
        is_bot=told.is_bot,
        query=thing.query,
        rank=thing.rank,
        found=thing.found,
    )


def _holdings(noted: list[Noted]) -> dict[str, int | None]:
    """The version that each holder had before these deliveries (None: none), and what they have now, written down."""
    seen = {
        thing.holding: (told.day, thing)
        for told in noted
        for thing in told.things
        if thing.kind is Kind.DELIVERY and not told.is_bot
    }
    if not seen:
        return {}
    named = {thing.package_id for _, thing in seen.values()}
    there = set(Package.objects.filter(pk__in=named).values_list("pk", flat=True))
    seen = {holder: told for holder, told in seen.items() if told[1].package_id in there}
    before: dict[str, int | None] = dict.fromkeys(seen)
    before |= dict(Holding.objects.filter(holder__in=seen).values_list("holder", "version_id"))
    rows = [
        Holding(holder=holder, package_id=thing.package_id, version_id=thing.version_id, day=day)
        for holder, (day, thing) in sorted(seen.items())
    ]
    Holding.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["holder"], update_fields=["version_id", "day"]
    )
    return before


def _ranks_fill(rows: list[UsageFact]) -> None:
    """Give each click the rank at which the same visitor was last shown the package for the same words."""
    clicks = [row for row in rows if row.kind == Kind.CLICK]
    if not clicks:
        return
    earlier = UsageFact.objects.filter(
        kind=Kind.IMPRESSION.value,
        day__in={row.day for row in clicks},
        who__in={row.who for row in clicks},
        package_id__in={row.package_id for row in clicks},
    )
    shown = {(one.who, one.package_id, one.query): one.rank for one in earlier.order_by("at")}
    shown |= {(one.who, one.package_id, one.query): one.rank for one in rows if one.kind == Kind.IMPRESSION}
    for row in clicks:
        row.rank = shown.get((row.who, row.package_id, row.query))


def _holder(viewer: Viewer) -> str:
    if viewer.user_id is not None:
        return f"user:{viewer.user_id}"
    return f"library:{viewer.library_id}" if viewer.library_id is not None else ""


def _hash(salt: bytes, text: str) -> str:
    return hmac.new(salt, text.encode(), hashlib.sha256).hexdigest()[:32]
