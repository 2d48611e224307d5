"""How far an incident goes: who has it, what was stopped, what it could reach, what came by the same token."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from marketplace.domain.audit import Action
from marketplace.models import AuditEntry
from registry.domain.capabilities import CapabilitySet
from registry.models import Version
from registry.services.advisories import STOPPED
from reviews.domain.exposure import Exposure, exposures_of
from reviews.services.cases import package_of, subject_of
from reviews.services.reach import reach_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from registry.models import Package
    from reviews.models import Case

SIBLINGS_MOST = 100


@dataclass(frozen=True, slots=True)
class Extent:
    """People reached and libraries that hold it, the accounts behind them, fetches of 90 days, the versions stopped.

    `by_token` are other versions that came with the same tokens, `by_person` those that the same people sent.
    """

    people: int
    libraries: int
    fetches: int
    user_ids: tuple[int, ...]
    stopped: list[str]
    by_token: list[str]
    by_person: list[str]
    exposures: list[Exposure]

    def as_json(self) -> dict[str, Any]:
        """For the export; people are told by their number only."""
        told = asdict(self)
        return told | {"user_ids": None, "accounts": len(self.user_ids)}


def extent_of(case: Case) -> Extent | None:
    """The extent of a case about a package or version; None for others."""
    subject = subject_of(case)
    package = package_of(subject)
    if package is None or case.review_id is not None or case.comment_id is not None:
        return None
    reach = reach_of(package)
    versions = list(_concerned(package, subject))
    sets = [CapabilitySet.of_json(version.capabilities) for version in versions]
    by_token = _names(_by_token(versions).exclude(pk__in=[version.pk for version in versions]))
    people = {version.published_by_id for version in versions if version.published_by_id}
    by_person = _names(Version.objects.filter(published_by_id__in=people).exclude(package=package))
    return Extent(
        people=reach.people,
        libraries=reach.libraries,
        fetches=reach.fetches,
        user_ids=reach.user_ids,
        stopped=[version.number for version in versions if version.state in STOPPED],
        by_token=by_token,
        by_person=[name for name in by_person if name not in set(by_token)],
        exposures=exposures_of(sets),
    )


def _concerned(package: Package, subject: object) -> QuerySet[Version]:
    """The stopped versions; before anything is stopped, the subject itself or the newest."""
    stopped = package.versions.filter(state__in=STOPPED).order_by("sort_key")
    if stopped.exists():
        return stopped
    pk = subject.pk if isinstance(subject, Version) else package.latest_id
    return package.versions.filter(pk=pk or 0)


def _by_token(versions: list[Version]) -> QuerySet[Version]:
    """All that came with the tokens with which these versions came, as the audit trail has it."""
    received = AuditEntry.objects.filter(action=Action.VERSION_RECEIVE)
    mine = received.filter(subject_id__in=[version.public_id for version in versions])
    tokens = set(mine.exclude(token=None).values_list("token", flat=True))
    if not tokens:
        return Version.objects.none()
    theirs = received.filter(token__in=tokens).order_by("-pk").values_list("subject_id", flat=True)
    return Version.objects.filter(public_id__in=list(theirs[: SIBLINGS_MOST * 2]))


def _names(rows: QuerySet[Version]) -> list[str]:
    listed = rows.select_related("package").order_by("-pk")[:SIBLINGS_MOST]
    return [f"{row.package.full_name}@{row.number}" for row in listed]
