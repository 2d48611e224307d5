"""How many people an update would ask, counted before it is published."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils import timezone

from installs.models import Install, Library
from installs.selectors.consent import DECIDING, unanswered_installs
from marketplace.core import tenancy
from marketplace.models import Membership, Token
from registry.domain.audience import Audience

if TYPE_CHECKING:
    from collections.abc import Sequence

COUNTED = 10_000


def audience_of(package_id: int, digest: str, holding: Sequence[str]) -> Audience:
    """Who would have to say yes to `digest`, which the sets `holding` hold; numbers only, of everybody's libraries.

    Of the COUNTED libraries that chose the package last.
    """
    with tenancy.bound(tenancy.SYSTEM):
        chosen = Install.objects.filter(package_id=package_id).order_by("-pk").values("pk")
        newest = list(chosen.values_list("pk", flat=True)[: COUNTED + 1])
        asked = unanswered_installs(package_id, [digest], holding).filter(pk__in=newest[:COUNTED])
        libraries = Library.objects.filter(pk__in=asked.values("library_id"))
        whose = list(libraries.values_list("user_id", "organization_id"))
        users = {user for user, _ in whose if user is not None}
        members = Membership.objects.filter(organization_id__in={owner for _, owner in whose if owner is not None})
        deciding = members.filter(role__in=DECIDING).values_list("user_id", flat=True).distinct()
        people = users.union(deciding[:COUNTED])
        live = Token.objects.filter(revoked_at=None, expires_at__gt=timezone.now())
        readers = live.filter(Q(user_id__in=users) | Q(user_id__in=members.values("user_id")))
        holders = readers.values("user_id").distinct().count()
    return Audience(len(whose), len(people), holders, is_bounded=len(newest) > COUNTED)
