"""Whom an update would ask, and why, told before it is published: by the rules that its publication follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from marketplace.core.codes.capabilities import capability_sentence
from registry.domain.audience import Audience
from registry.domain.capabilities import CapabilitySet, rows_of
from registry.domain.semver import SemVer, VersionInvalid
from registry.models import Package
from registry.services.capabilities import known_sets, mends

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from registry.domain.capabilities import Row
    from registry.models import ImportEntry, Publisher, Version

    Answer = Callable[[int, str, Sequence[str]], Audience]

ENTRIES_MOST = 50
PUBLISHERS_MOST = 50


@dataclass(frozen=True, slots=True)
class Asking:
    """What publishing this set as an update of `package` would ask, beside what `before` (its newest) can do.

    `waits_hours`: how long addresses that know nobody keep the older version; 0: not at all.
    """

    package: Package
    before: Version
    audience: Audience
    gained: tuple[Row, ...]
    raised: tuple[Row, ...]
    waits_hours: int

    @property
    def because(self) -> tuple[Row, ...]:
        """What it asks for more."""
        return (*self.gained, *self.raised)

    def as_json(self) -> dict[str, Any]:
        """The shape of the API."""
        return {
            "package": self.package.full_name,
            "before": self.before.number,
            "people": self.audience.people,
            "libraries": self.audience.libraries,
            "token_holders": self.audience.token_holders,
            "is_bounded": self.audience.is_bounded,
            "because": [{"code": row.code, "says": _sentence(row)} for row in self.because],
            "waits_hours": self.waits_hours,
        }


_answers: list[Answer] = []


def audience_register(answer: Answer) -> None:
    """Ask `answer(package_id, digest, holding)` for who agreed to none of the sets `holding`, which hold `digest`."""
    _answers[:] = [answer]


def asking_of(package: Package, found: CapabilitySet, number: str) -> Asking | None:
    """What `found` would ask as version `number` (empty: the next one); None where it becomes nobody's newest version.

    `package` comes with `latest` joined.
    """
    before = package.latest
    if before is None or not _is_newest(before, number):
        return None
    known = known_sets(package)
    holding = [digest for digest, theirs in known.items() if digest == found.digest or theirs.contains(found)]
    mine = CapabilitySet.of_json(before.capabilities)
    changes = mine.changes(found)
    at_once = (found.is_quiet and mine.contains(found)) or mends(package, number)
    return Asking(
        package=package,
        before=before,
        audience=_answers[0](package.pk, found.digest, holding) if _answers else Audience(),
        gained=tuple(rows_of(changes.gained)),
        raised=tuple(rows_of(now for _, now in changes.raised)),
        waits_hours=0 if at_once else settings.COOLDOWN_HOURS,
    )


def asking_of_name(publisher: Publisher, name: str, found: CapabilitySet, number: str) -> Asking | None:
    """The same for the publisher's package of that name; None for one that is new."""
    package = Package.objects.select_related("publisher", "latest").filter(publisher=publisher, name=name).first()
    return asking_of(package, found, number) if package is not None else None


def askings_of(entries: Iterable[ImportEntry], publishers: Iterable[Publisher]) -> dict[int, list[Asking]]:
    """For each entry of an import that would be an update, by key: what it would ask; of ENTRIES_MOST at most."""
    found = [entry for entry in entries if entry.state == entry.State.FOUND]
    packages = Package.objects.select_related("publisher", "latest").filter(
        publisher__in=list(publishers)[:PUBLISHERS_MOST], name__in={entry.name for entry in found}
    )
    by_name: dict[str, list[Package]] = {}
    for package in packages.order_by("full_name")[:ENTRIES_MOST]:
        by_name.setdefault(package.name, []).append(package)
    updates = [entry for entry in found if entry.name in by_name][:ENTRIES_MOST]
    told = {
        entry.pk: [
            asking_of(package, CapabilitySet.of_json(entry.capabilities), entry.number)
            for package in by_name[entry.name]
        ]
        for entry in updates
    }
    return {pk: [asking for asking in askings if asking is not None] for pk, askings in told.items()}


def _is_newest(latest: Version, number: str) -> bool:
    if not number:
        return True
    try:
        wanted = SemVer.parse(number)
    except VersionInvalid:
        return False
    return wanted.sortable > latest.sort_key and (latest.is_prerelease or not wanted.is_prerelease)


def _sentence(row: Row) -> str:
    values = ", ".join(row.values) + (f" (+{row.more})" if row.more else "")
    return capability_sentence(row.code).replace("{}", values)
