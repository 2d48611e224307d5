"""How many people a package reaches, and who they are; for the two-person rule and for incidents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from installs.models import Download, Install
from marketplace.domain.roles import Role
from marketplace.models import Membership

if TYPE_CHECKING:
    from registry.models import Package

DAYS = 90


@dataclass(frozen=True, slots=True)
class Reach:
    """Libraries that hold it, distinct fetchers a day summed over 90 days, and the accounts behind the libraries.

    Behind an organization's library stand its owners and administrators.
    """

    libraries: int
    fetches: int
    user_ids: tuple[int, ...]

    @property
    def people(self) -> int:
        """The larger of the two: nobody is counted twice."""
        return max(self.libraries, self.fetches)


def reach_of(package: Package) -> Reach:
    """The package's reach now; three queries."""
    since = timezone.now().date() - timedelta(days=DAYS)
    fetches = Download.objects.filter(package_id=package.pk, day__gte=since, is_bot=False, is_first=True).count()
    holders = Install.objects.filter(package=package).values_list("library__user_id", "library__organization_id")
    owners = list(holders)
    organizations = {organization for _user, organization in owners if organization is not None}
    answering = Membership.objects.filter(organization_id__in=organizations, role__in=[Role.OWNER, Role.ADMIN])
    people = {user for user, _organization in owners if user is not None}
    people |= set(answering.values_list("user_id", flat=True))
    return Reach(len(owners), fetches, tuple(sorted(people)))
