"""People as npm names them: by the name they publish under; nobody's e-mail address is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings

from marketplace.core.errors import NotFound
from marketplace.models import Membership, User
from registry.models import PackageMaintainer, Publisher

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

ROLES = {"owner": "owner", "admin": "admin"}
HIDDEN = re.compile(r"user-([0-9a-f]{32})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Person:
    """A person (or an organization's publisher, without `user_id`) under the name that npm shows."""

    name: str
    user_id: int | None = None

    @property
    def email(self) -> str:
        """An address that leads nowhere; npm's forms need one."""
        return f"{self.name}@users.noreply.{mail_host()}"

    @property
    def told(self) -> dict[str, str]:
        """Npm's form for people."""
        return {"name": self.name, "email": self.email}


def mail_host() -> str:
    """The site's host, for addresses that lead nowhere."""
    return urlsplit(settings.BASE_URL).hostname or "localhost"


def people_of(user_ids: Iterable[int]) -> dict[int, Person]:
    """Each user's name: that of their own publisher, or one made of their public id; two queries."""
    wanted = list(user_ids)
    owned = Publisher.objects.filter(user_id__in=wanted).order_by("-pk").values_list("user_id", "name")
    names = {} if settings.TEST_TENANT else dict(owned)
    for user in User.objects.filter(pk__in=[pk for pk in wanted if pk not in names]):
        names[user.pk] = user.display_name if settings.TEST_TENANT else f"user-{user.public_id.hex}"
    return {pk: Person(names[pk], pk) for pk in wanted if pk in names}


def person_get(name: str) -> Person:
    """The person whom npm calls `name`; raises NotFound MP3001."""
    found = _tenant(name) if settings.TEST_TENANT else None
    if found is None and (hidden := HIDDEN.fullmatch(name)):
        found = User.objects.filter(public_id=UUID(hidden[1])).values_list("pk", flat=True).first()
    if found is None:
        found = Publisher.objects.filter(name=name, user__isnull=False).values_list("user_id", flat=True).first()
    if found is None or (person := people_of([found]).get(found)) is None:
        raise NotFound("MP3001", {"name": name[:64]})
    return person


def _tenant(name: str) -> int | None:
    return User.objects.filter(display_name=name, email__endswith=".invalid").values_list("pk", flat=True).first()


def maintainers_of(package: Package) -> list[Person]:
    """Who is named as maintainer: the people, in the order they came; an organization's publisher first."""
    users = PackageMaintainer.objects.filter(package=package).order_by("pk").values_list("user_id", flat=True)
    ids = list(users)
    people = people_of(ids)
    publisher = package.publisher
    owner = [Person(publisher.name)] if publisher.organization_id is not None else []
    return owner + [people[pk] for pk in ids if pk in people]


def members_of(viewer: Viewer, scope: str) -> dict[str, str] | None:
    """Npm's role of each member of the organization that owns `@scope`; None when the viewer is none of them."""
    publisher = Publisher.objects.filter(name=scope, organization_id__in=viewer.organization_ids).first()
    if publisher is None:
        return None
    rows = dict(Membership.objects.filter(organization=publisher.organization).values_list("user_id", "role"))
    people = people_of(rows)
    return {people[pk].name: ROLES.get(role, "developer") for pk, role in rows.items() if pk in people}
