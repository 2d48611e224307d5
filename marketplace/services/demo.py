"""Demo people and their organization, for a machine of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction

from marketplace.core.ids import uuid7
from marketplace.domain.audit import Action
from marketplace.domain.demo import ORGANIZATION, PEOPLE
from marketplace.domain.viewer import SYSTEM
from marketplace.models import Membership, NameClaim, Organization, User
from marketplace.services.audit import audit
from marketplace.services.names import name_claim

if TYPE_CHECKING:
    from marketplace.domain.demo import Person


@transaction.atomic
def people_load() -> int:
    """Make the demo people and their organization; returns how many people are new."""
    missing = [person for person in PEOPLE if not User.objects.filter(email=person.email).exists()]
    for person in missing:
        _person_create(person)
    organization = Organization.objects.filter(slug=ORGANIZATION[0]).first() or _organization_create()
    for person in PEOPLE:
        if person.member is not None:
            user = User.objects.get(email=person.email)
            Membership.objects.get_or_create(organization=organization, user=user, defaults={"role": person.member})
    return len(missing)


def _person_create(person: Person) -> User:
    user = User.objects.create_user(
        person.email,
        person.password or None,
        display_name=person.name,
        is_moderator=person.role == "moderator",
        is_staff=person.role == "moderator",
    )
    EmailAddress.objects.create(user=user, email=person.email, verified=True, primary=True)
    audit(Action.USER_CREATE, by=SYSTEM, kind="user", subject=user.public_id, name=person.name)
    return user


def _organization_create() -> Organization:
    slug, name = ORGANIZATION
    holder = uuid7()
    normalised = slug.replace("-", "")
    name_claim(name=slug, normalised=normalised, kind=NameClaim.Kind.PUBLISHER, holder=holder)
    organization = Organization.objects.create(public_id=holder, slug=slug, display_name=name)
    audit(Action.ORGANIZATION_CREATE, by=SYSTEM, kind="organization", subject=holder, name=slug)
    return organization
