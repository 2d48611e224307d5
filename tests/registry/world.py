"""People, publishers and versions for the tests of the registry."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.test import Client

from marketplace.core import tenancy
from marketplace.models import AuditEntry
from marketplace.services.tokens import token_create
from registry.domain.formats import detect
from registry.models import Package, Version
from registry.services.publishers import publisher_create
from registry.services.publishing import Received, Release, version_receive
from registry.services.scanning import version_scan
from tests.marketplace.people import organization, person, viewer
from tests.registry.packages import SKILL, made

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from marketplace.models import User
    from registry.domain.formats import Entry
    from registry.models import Publisher


def publisher_of(user: User, name: str = "acme") -> Publisher:
    """A namespace of one's own."""
    with tenancy.bound(tenancy.SYSTEM):
        return publisher_create(name=name, by=viewer(user))


def house(owner: User, name: str = "house", **members: User) -> Publisher:
    """A namespace of an organization; `members` are people by role."""
    with tenancy.bound(tenancy.SYSTEM):
        tenant = organization(owner, f"{name}-org", **members)
        return publisher_create(name=name, by=viewer(owner), organization=tenant)


def skill(name: str = "reviewer", body: str = "Read the plan first.", **more: Any) -> Entry:
    """A skill called `name`."""
    head = SKILL.replace("reviewer", name).replace("Read the plan first.", body)
    (entry,) = detect(made({"SKILL.md": head, **more})).entries
    return entry


def receive(publisher: Publisher, by: User, entry: Entry | None = None, **release: Any) -> Received:
    """Take a version in; nothing is checked yet."""
    with tenancy.bound(tenancy.SYSTEM):
        return version_receive(publisher=publisher, entry=entry or skill(), release=Release(**release), by=viewer(by))


def publish(publisher: Publisher, by: User, entry: Entry | None = None, **release: Any) -> Version:
    """Take a version in and check it."""
    with tenancy.bound(tenancy.SYSTEM):
        version = receive(publisher, by, entry, **release).version
        version_scan(version.pk)
        return fresh(version)


def fresh(version: Version) -> Version:
    """The version as the database has it now."""
    with tenancy.bound(tenancy.SYSTEM):
        return Version.objects.select_related("package__publisher", "source").get(pk=version.pk)


def listing(full_name: str) -> Package:
    """The package as the database has it now."""
    with tenancy.bound(tenancy.SYSTEM):
        return Package.objects.select_related("publisher", "latest").get(full_name=full_name)


def tags(full_name: str) -> dict[str, str]:
    """The package's tags."""
    with tenancy.bound(tenancy.SYSTEM):
        rows = listing(full_name).dist_tags.select_related("version")
        return {row.name: row.version.number for row in rows}


def acts(full_name: str) -> list[str]:
    """What was written down about the package and its versions, in order."""
    with tenancy.bound(tenancy.SYSTEM):
        rows = AuditEntry.objects.filter(subject_name__startswith=full_name).order_by("pk")
        return [row.action.split(":", 1)[1] for row in rows]


class Api:
    """A caller of the API with a token of `user`, or anonymous."""

    def __init__(self, user: User | None = None, scope: str = "manage", packages: list[str] | None = None) -> None:
        """Make the token."""
        self.client = Client()
        self.headers: dict[str, str] = {}
        if user is not None:
            _, secret = token_create(user=user, name="test", scopes=[scope], packages=packages)
            self.headers = {"Authorization": f"Bearer {secret}"}

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponseBase:
        """One request below /api/v1/; `body` is sent as JSON."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        data = "" if body is None else json.dumps(body)
        return self.client.generic(method, f"/api/v1/{path}", data, content_type="application/json", headers=sent)

    def upload(self, data: dict[str, Any], **headers: str) -> HttpResponseBase:
        """A multipart POST to /api/v1/packages."""
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/api/v1/packages", data, headers=sent)


def body(response: HttpResponseBase) -> dict[str, Any]:
    """The JSON object of an answer."""
    found: dict[str, Any] = json.loads(response.getvalue())
    return found


def refusal(response: HttpResponseBase) -> tuple[int, str]:
    """Status and code."""
    said = body(response)
    assert set(said) - {"near"} == {"error", "code", "detail"}
    return response.status_code, said["code"]


__all__ = [
    "Api",
    "acts",
    "body",
    "fresh",
    "house",
    "listing",
    "person",
    "publish",
    "publisher_of",
    "receive",
    "refusal",
    "skill",
    "tags",
    "viewer",
]
