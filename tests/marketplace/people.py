"""People with confirmed addresses, browsers that are signed in, and organizations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.test import Client

from marketplace.core import tenancy
from marketplace.domain.roles import Role
from marketplace.models import Membership, Organization, User
from marketplace.services.organizations import organization_create
from marketplace.services.viewers import viewer_of_user

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

PASSWORD = "correct horse battery"


def person(name: str, *, verified: bool = True, **fields: object) -> User:
    """A user called `name` with the address `name@example.com`."""
    with tenancy.bound(tenancy.SYSTEM):
        user = User.objects.create_user(f"{name}@example.com", PASSWORD, display_name=name.title(), **fields)
        EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=verified)
        return user


def viewer(user: User) -> Viewer:
    """Who the user is to services, as of now."""
    return viewer_of_user(user)


def browser(user: User | None = None) -> Client:
    """A browser in which the user is signed in."""
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def organization(owner: User, name: str = "acme", **members: User) -> Organization:
    """An organization of `owner`; `members` are people by role."""
    made = organization_create(name=name, display_name=name.title(), by=viewer(owner))
    for role, user in members.items():
        Membership.objects.create(organization=made, user=user, role=Role(role))
    return made
