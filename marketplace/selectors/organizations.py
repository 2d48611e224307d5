"""Reads of organizations: only members know of one here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, Count, IntegerField, OuterRef, Subquery, Value, When

from marketplace.core.errors import NotFound
from marketplace.domain.roles import Role
from marketplace.models import Membership, NameClaim, Organization

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from marketplace.domain.viewer import Viewer

RANK = Case(
    *(When(role=role, then=Value(place)) for place, role in enumerate(Role)),
    default=Value(9),
    output_field=IntegerField(),
)
MOST_HOPS = 10


def memberships_of(viewer: Viewer) -> QuerySet[Membership]:
    """The viewer's memberships by the organization's name, each with its number of `members`."""
    counted = Membership.objects.filter(organization=OuterRef("organization")).order_by().values("organization")
    members = Subquery(counted.annotate(n=Count("pk")).values("n"))
    mine = Membership.objects.filter(user_id=viewer.user_id or 0).exclude(organization__state=Organization.State.CLOSED)
    return mine.select_related("organization").annotate(members=members).order_by("organization__slug")


def membership_get(viewer: Viewer, slug: str) -> Membership:
    """The viewer's membership in the organization `slug`; raises NotFound MP4206, also for those that exist."""
    membership = memberships_of(viewer).filter(organization__slug=slug).first()
    if membership is None:
        raise NotFound("MP4206", {"name": slug})
    return membership


def members_of(organization: Organization) -> QuerySet[Membership]:
    """The organization's members, owners first, then by when they came."""
    return organization.memberships.select_related("user").annotate(rank=RANK).order_by("rank", "pk")


def name_now(slug: str) -> str | None:
    """The name that a renamed one leads to; None when it was never renamed."""
    claim = NameClaim.objects.select_related("successor").filter(scope="", name=slug).first()
    found = None
    for _ in range(MOST_HOPS):
        if claim is None or claim.successor is None:
            return found
        found = claim.successor.name
        claim = NameClaim.objects.select_related("successor").filter(pk=claim.successor.pk).first()
    return found
