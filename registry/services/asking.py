"""Whom an update would ask, and why, told before it is published: by the rules that its publication follows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

from marketplace.core.codes.capabilities import capability_sentence
from registry.domain.audience import Audience, Wanted
from registry.domain.capabilities import CapabilitySet, rows_of
from registry.domain.semver import SemVer, VersionInvalid
from registry.models import Package
from registry.services.capabilities import known_sets_of, mended_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from registry.domain.capabilities import Row
    from registry.models import ImportEntry, Publisher, Version

    Answer = Callable[[Sequence[Wanted]], list[Audience]]
    Update = tuple[Package, CapabilitySet, str]

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
    """Ask `answer(wanted)` for who would be asked, in the order of what is wanted."""
    _answers[:] = [answer]


def asking_of(package: Package, found: CapabilitySet, number: str) -> Asking | None:
    """What `found` would ask as version `number` (empty: the next one); None where it becomes nobody's newest version.

    `package` comes with `latest` joined.
    """
    return askings([(package, found, number)])[0]


def askings(updates: Sequence[Update]) -> list[Asking | None]:
    """The same for several at once, in as many queries as for one."""
    newest = [before for package, _, number in updates if (before := _before(package, number)) is not None]
    packages = {before.package_id for before in newest}
    known, mended = (known_sets_of(packages), mended_by(packages)) if packages else ({}, frozenset())
    wanted = {
        place: Wanted(package.pk, found.digest, _holding(known.get(package.pk, {}), found))
        for place, (package, found, number) in enumerate(updates)
        if _before(package, number) is not None
    }
    told = _answers[0](list(wanted.values())) if _answers else [Audience()] * len(wanted)
    audiences = dict(zip(wanted, told, strict=True))
    return [
        _asking(update, audiences[place], mended) if place in audiences else None
        for place, update in enumerate(updates)
    ]


def _before(package: Package, number: str) -> Version | None:
    return package.latest if package.latest is not None and _is_newest(package.latest, number) else None


def _holding(known: dict[str, CapabilitySet], found: CapabilitySet) -> tuple[str, ...]:
    return tuple(digest for digest, theirs in known.items() if digest == found.digest or theirs.contains(found))


def _asking(update: Update, audience: Audience, mended: frozenset[tuple[int, str]]) -> Asking | None:
    package, found, number = update
    before = package.latest
    if before is None:
        return None
    mine = CapabilitySet.of_json(before.capabilities)
    changes = mine.changes(found)
    at_once = (found.is_quiet and mine.contains(found)) or (package.pk, number) in mended
    return Asking(
        package=package,
        before=before,
        audience=audience,
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
    updates = [
        (entry.pk, (package, CapabilitySet.of_json(entry.capabilities), entry.number))
        for entry in [entry for entry in found if entry.name in by_name][:ENTRIES_MOST]
        for package in by_name[entry.name]
    ]
    told: dict[int, list[Asking]] = {}
    for (pk, _), asking in zip(updates, askings([update for _, update in updates]), strict=True):
        told.setdefault(pk, []).extend([asking] if asking is not None else [])
    return told


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
