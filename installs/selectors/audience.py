"""How many people updates would ask, counted before they are published."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from django.db.models import Value
from django.utils import timezone

from installs.models import Install
from installs.selectors.consent import DECIDING, unanswered_installs
from marketplace.core import tenancy
from marketplace.models import Membership, Token
from registry.domain.audience import Audience

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from django.db.models import QuerySet

    from registry.domain.audience import Wanted

    Owners = Collection[tuple[int | None, int | None]]
    Members = Mapping[int, Collection[tuple[int, str]]]

COUNTED = 10_000


def audiences_of(wanted: Sequence[Wanted]) -> list[Audience]:
    """Who would have to say yes to each set, which the sets `holding` hold; numbers only, of everybody's libraries.

    Of the COUNTED libraries that chose each package last. However many are wanted, four queries.
    """
    if not wanted:
        return []
    with tenancy.bound(tenancy.SYSTEM):
        crowded = _crowded({one.package_id for one in wanted})
        owners = _owners(wanted)
        members = _members({owner for rows in owners for _, owner in rows if owner is not None})
        readers = {user for rows in owners for user, _ in rows if user is not None}
        readers |= {user for rows in members.values() for user, _ in rows}
        live = Token.objects.filter(revoked_at=None, expires_at__gt=timezone.now(), user_id__in=readers)
        holders = set(live.values_list("user_id", flat=True).distinct())
    return [
        _audience(rows, members, holders, is_bounded=one.package_id in crowded)
        for one, rows in zip(wanted, owners, strict=True)
    ]


def _chosen(package_id: int) -> QuerySet[Install]:
    return Install.objects.filter(package_id=package_id).order_by("-pk")


def _crowded(packages: Collection[int]) -> set[int]:
    """The packages that more libraries chose than are counted."""
    first, *others = [_chosen(pk)[COUNTED : COUNTED + 1].values_list("package_id", flat=True) for pk in packages]
    return set(first.union(*others, all=True))


def _owners(wanted: Sequence[Wanted]) -> list[Owners]:
    """For each that is wanted: user and organization of every library that would be asked."""
    first, *others = [
        unanswered_installs(one.package_id, [one.digest], one.holding)
        .filter(pk__in=_chosen(one.package_id).values("pk")[:COUNTED])
        .order_by()
        .annotate(place=Value(place))
        .values_list("place", "library__user_id", "library__organization_id")
        for place, one in enumerate(wanted)
    ]
    found: list[list[tuple[int | None, int | None]]] = [[] for _ in wanted]
    for place, user, organization in first.union(*others, all=True):
        found[place].append((user, organization))
    return list(found)


def _members(organizations: Collection[int]) -> Members:
    """By organization: who reads its library, and as what."""
    found: dict[int, list[tuple[int, str]]] = defaultdict(list)
    rows = Membership.objects.filter(organization_id__in=organizations)
    for organization, user, role in rows.values_list("organization_id", "user_id", "role"):
        found[organization].append((user, role))
    return found


def _audience(owners: Owners, members: Members, holders: Collection[int], *, is_bounded: bool) -> Audience:
    own = {user for user, _ in owners if user is not None}
    crew = [row for _, organization in owners if organization is not None for row in members.get(organization, ())]
    deciding = {user for user, role in crew if role in DECIDING}
    readers = own | {user for user, _ in crew}
    return Audience(len(owners), len(own | deciding), len(readers & set(holders)), is_bounded=is_bounded)
