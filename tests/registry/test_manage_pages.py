"""The pages on which maintainers settle who sees and maintains a package, its tags and its versions."""

from __future__ import annotations

import re
from datetime import timedelta
from itertools import count, islice
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from marketplace.core import tenancy
from registry.models import Version
from registry.services.maintainers import maintainer_add
from tests.marketplace.people import browser
from tests.registry.world import acts, house, listing, person, publish, publisher_of, skill, tags, viewer

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from django.test import Client

    from marketplace.models import User
    from tests.query_counts import SameQueries

pytestmark = pytest.mark.django_db
NAME = "@acme/reviewer"
ACCESS = f"/{NAME}/access"


@pytest.fixture
def ann() -> User:
    """Owns @acme/reviewer with versions 1.0.0 and 1.1.0."""
    ann = person("ann")
    acme = publisher_of(ann)
    publish(acme, ann, number="1.0.0")
    publish(acme, ann, skill(body="Read it twice."), number="1.1.0")
    return ann


def text(answer: HttpResponseBase) -> str:
    return answer.getvalue().decode()


def maintainers() -> set[str]:
    with tenancy.bound(tenancy.SYSTEM):
        return {row.user.email for row in listing(NAME).maintainers.select_related("user")}


def revision() -> int:
    return listing(NAME).revision


def visible(client: Client) -> int:
    return client.get(f"/{NAME}").status_code


def test_owner_makes_it_private_and_public_again(ann: User) -> None:
    own, other = browser(ann), browser(person("bob"))
    answer = own.post(f"{ACCESS}/visibility", {"visibility": "private", "revision": revision()})
    assert (answer.status_code, answer.headers["Location"]) == (302, ACCESS)
    assert "is private now." in text(own.get(ACCESS))
    assert (visible(own), visible(other)) == (200, 404)
    own.post(f"{ACCESS}/visibility", {"visibility": "public", "revision": revision()})
    assert visible(other) == 200
    assert acts(NAME)[-2:] == ["package:visibility", "package:visibility"]


def test_stale_form_changes_nothing_and_keeps_the_choice(ann: User) -> None:
    answer = browser(ann).post(f"{ACCESS}/visibility", {"visibility": "private", "revision": revision() - 1})
    assert answer.status_code == 422
    assert "MP3023" in text(answer)
    assert re.search(r'value="private"[^>]* checked', text(answer))
    assert not listing(NAME).is_private


def test_maintainers_come_and_go(ann: User) -> None:
    bob, own = person("bob"), browser(ann)
    assert own.post(f"{ACCESS}/maintainers", {"email": "bob@example.com"}).status_code == 302
    assert maintainers() == {"ann@example.com", "bob@example.com"}
    theirs = browser(bob)
    assert "You maintain @acme/reviewer now" in text(theirs.get("/notices"))
    page = text(theirs.get(ACCESS))
    assert "The owners of @acme can change it." in page
    assert "Add maintainer" not in page
    left = theirs.post(f"{ACCESS}/maintainers/{bob.public_id}/remove")
    assert (left.status_code, left.headers["Location"]) == (302, "/publish")
    assert maintainers() == {"ann@example.com"}
    assert theirs.get(ACCESS).status_code == 404


def test_the_last_maintainer_stays(ann: User) -> None:
    own = browser(ann)
    own.post(f"{ACCESS}/maintainers/{ann.public_id}/remove")
    assert "MP3024" in text(own.get(ACCESS))
    assert maintainers() == {"ann@example.com"}


def test_nobody_with_that_address_is_said_beside_the_field(ann: User) -> None:
    answer = browser(ann).post(f"{ACCESS}/maintainers", {"email": "nobody@example.com"})
    assert answer.status_code == 422
    assert "MP3025" in text(answer)
    assert 'value="nobody@example.com"' in text(answer)
    assert maintainers() == {"ann@example.com"}


def test_maintainer_who_does_not_own_the_namespace_decides_nothing(ann: User) -> None:
    bob = person("bob")
    with tenancy.bound(tenancy.SYSTEM):
        maintainer_add(package=listing(NAME), email="bob@example.com", by=viewer(ann))
    theirs = browser(bob)
    answer = theirs.post(f"{ACCESS}/visibility", {"visibility": "private", "revision": revision()})
    assert (answer.status_code, "MP3011" in text(answer)) == (403, True)
    assert theirs.post(f"{ACCESS}/maintainers", {"email": "ann@example.com"}).status_code == 403
    assert theirs.post(f"{ACCESS}/maintainers/{ann.public_id}/remove").status_code == 403
    assert not listing(NAME).is_private
    assert maintainers() == {"ann@example.com", "bob@example.com"}


def test_tags_point_to_versions_and_go(ann: User) -> None:
    own = browser(ann)
    assert own.post(f"{ACCESS}/tags", {"tag": "beta", "number": "1.0.0"}).status_code == 302
    assert tags(NAME) == {"latest": "1.1.0", "beta": "1.0.0"}
    assert own.post(f"{ACCESS}/tags/beta/remove").status_code == 302
    assert tags(NAME) == {"latest": "1.1.0"}


@pytest.mark.parametrize(
    ("tag", "number", "code"),
    [("1.x", "1.0.0", "MP3016"), ("beta", "9.9.9", "MP3003"), ("", "1.0.0", "required")],
)
def test_tag_that_cannot_be_is_said_and_changes_nothing(ann: User, tag: str, number: str, code: str) -> None:
    answer = browser(ann).post(f"{ACCESS}/tags", {"tag": tag, "number": number})
    assert answer.status_code == 422
    assert code in text(answer)
    assert tags(NAME) == {"latest": "1.1.0"}


def test_latest_stays(ann: User) -> None:
    own = browser(ann)
    own.post(f"{ACCESS}/tags/latest/remove")
    assert "MP3017" in text(own.get(ACCESS))
    own.post(f"{ACCESS}/tags/none/remove")
    assert tags(NAME) == {"latest": "1.1.0"}


def test_members_without_the_right_find_no_such_page() -> None:
    olga, mia = person("olga"), person("mia")
    publish(house(olga, member=mia), olga, skill("secret"), is_private=True)
    assert browser(mia).get("/@house/secret").status_code == 200
    assert browser(mia).get("/@house/secret/access").status_code == 404
    assert browser(olga).get("/@house/secret/access").status_code == 200


def test_versions_are_yanked_deprecated_and_restored_with_words(ann: User) -> None:
    own = browser(ann)
    own.post(f"/{NAME}/versions/1.1.0/deprecate", {"reason": "Use 2.0."})
    assert "deprecated" in text(own.get(f"/{NAME}/versions"))
    own.post(f"/{NAME}/versions/1.1.0/yank", {"reason": "It breaks plans."})
    assert tags(NAME) == {"latest": "1.0.0"}
    own.post(f"/{NAME}/versions/1.1.0/restore")
    own.post(f"/{NAME}/versions/1.1.0/unpublish")
    assert own.get(f"/{NAME}/versions/1.1.0").status_code == 404
    assert acts(NAME)[-4:] == [f"version:{act}" for act in ("deprecate", "yank", "restore", "unpublish")]
    assert own.post(f"/{NAME}/versions/1.0.0/burn").status_code == 404


def test_what_is_too_late_is_said_on_the_list(ann: User) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        Version.objects.update(published_at=timezone.now() - timedelta(hours=73))
    own = browser(ann)
    own.post(f"/{NAME}/versions/1.1.0/unpublish")
    page = text(own.get(f"/{NAME}/versions"))
    assert "MP3021" in page
    assert "within 72 hours" in page
    assert tags(NAME) == {"latest": "1.1.0"}


def test_access_page_asks_the_same_for_many_people_and_tags(ann: User, assert_same_queries: SameQueries) -> None:
    own, made = browser(ann), count(2)

    def grow(n: int) -> None:
        with tenancy.bound(tenancy.SYSTEM):
            package, version = listing(NAME), Version.objects.get(number="1.0.0")
            for i in islice(made, n):
                package.maintainers.create(user=person(f"p{i}"))
                package.dist_tags.create(name=f"tag{i}", version=version)

    assert_same_queries(grow, lambda: own.get(ACCESS), most=20)
