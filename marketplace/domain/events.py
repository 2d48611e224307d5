"""What happens to accounts that the apps above want to know."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.events import Event


@dataclass(frozen=True, slots=True)
class UserErased(Event):
    """A person's account has ended for good; what identifies the person goes."""

    user_id: int


@dataclass(frozen=True, slots=True)
class MembershipEnded(Event):
    """A person left an organization, or was taken out."""

    organization_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class OrganizationEnded(Event):
    """An organization has ended for good."""

    organization_id: int
