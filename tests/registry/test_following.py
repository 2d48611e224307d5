from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.test import Client

from marketplace.core import tenancy
from marketplace.models import Notice, User
from registry.models import Follow, Package, Publisher, SearchDocument
from registry.services.following import followers_tell
from tests.registry.listed import publish

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Iterator[tuple[User, User, Package]]:
    """A maintainer, a reader, and a public package; rows are read as the system."""
    with tenancy.bound(tenancy.SYSTEM):
        maintainer = User.objects.create_user("wren@example.com")
        reader = User.objects.create_user("odile@example.com")
        publisher = Publisher.objects.create(name="kestrel", user=maintainer)
        yield maintainer, reader, publish(publisher, "flake-hunter")


def newest(package: Package) -> int:
    assert package.latest_id is not None
    return package.latest_id


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_a_follower_is_told_of_a_new_version_once(people: tuple[User, User, Package]) -> None:
    _maintainer, reader, package = people
    client = signed_in(reader)
    client.post("/@kestrel/flake-hunter/follow")
    client.post("/@kestrel/follow")
    with tenancy.bound(tenancy.SYSTEM):
        assert Follow.objects.count() == 2
        assert followers_tell(newest(package)) == 1
        assert followers_tell(newest(package)) == 0
        notice = Notice.objects.get()
    assert (notice.user_id, notice.title) == (reader.pk, "@kestrel/flake-hunter 1.0.0 is published")
    assert "flake-hunter" in client.get("/following").content.decode()


def test_who_stops_following_hears_nothing(people: tuple[User, User, Package]) -> None:
    _maintainer, reader, package = people
    client = signed_in(reader)
    client.post("/@kestrel/flake-hunter/follow")
    client.post("/@kestrel/flake-hunter/follow", {"stop": "1"})
    with tenancy.bound(tenancy.SYSTEM):
        assert followers_tell(newest(package)) == 0
        assert not Follow.objects.exists()


def test_a_package_that_became_private_is_not_told_to_outsiders(people: tuple[User, User, Package]) -> None:
    maintainer, reader, package = people
    signed_in(reader).post("/@kestrel/follow")
    with tenancy.bound(tenancy.SYSTEM):
        Package.objects.update(is_private=True, owner=maintainer)
        assert followers_tell(newest(package)) == 0


def test_nobody_follows_without_signing_in(people: tuple[User, User, Package]) -> None:  # noqa: ARG001  (the rows)
    assert Client().post("/@kestrel/flake-hunter/follow").status_code == 302
    with tenancy.bound(tenancy.SYSTEM):
        assert not Follow.objects.exists()


def test_a_maintainer_edits_the_listing_and_search_follows(people: tuple[User, User, Package]) -> None:
    maintainer, _reader, package = people
    fields = {
        "category": "testing",
        "tags": "Flaky, CI",
        "support_url": "https://example.com/help",
        "security_contact": "security@example.com",
        "tested_clients": ["claude-code"],
    }
    answer = signed_in(maintainer).post("/@kestrel/flake-hunter/edit", fields)
    assert answer.status_code == 302
    with tenancy.bound(tenancy.SYSTEM):
        package.refresh_from_db()
        document = SearchDocument.objects.get(package=package)
    assert (package.category, package.tags, package.revision) == ("testing", ["flaky", "ci"], 2)
    assert (document.category, document.tags) == ("testing", ["ci", "flaky"])
    page = Client().get("/@kestrel/flake-hunter").content.decode()
    assert "security@example.com" in page
    assert "Claude Code" in page


@pytest.mark.parametrize(
    "fields",
    [{"category": "nonsense"}, {"tags": "<b>"}, {"tags": ",".join(map(str, range(11)))}, {"support_url": "x y"}],
)
def test_a_wrong_field_is_said_beside_it_and_nothing_changes(
    people: tuple[User, User, Package], fields: dict[str, str]
) -> None:
    maintainer, _reader, package = people
    assert signed_in(maintainer).post("/@kestrel/flake-hunter/edit", fields).status_code == 422
    with tenancy.bound(tenancy.SYSTEM):
        package.refresh_from_db()
    assert (package.revision, package.tags) == (1, [])


def test_an_outsider_finds_no_form_and_changes_nothing(people: tuple[User, User, Package]) -> None:
    _maintainer, reader, package = people
    client = signed_in(reader)
    assert client.get("/@kestrel/flake-hunter/edit").status_code == 404
    assert client.post("/@kestrel/flake-hunter/edit", {"category": "git"}).status_code == 404
    with tenancy.bound(tenancy.SYSTEM):
        package.refresh_from_db()
    assert package.category == ""
