from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from django.db import connection

from marketplace.core import tenancy
from marketplace.core.near import near_of, typed_beside
from marketplace.core.postgres.limits import at_most
from marketplace.domain.viewer import ANONYMOUS
from tests.marketplace.people import browser, person
from tests.registry.world import publish, publisher_of, skill

if TYPE_CHECKING:
    from marketplace.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    user = person("ann")
    acme, other = publisher_of(user, "tidewater"), publisher_of(user, "halden")
    publish(acme, user, skill("migration-pilot"), number="1.0.0")
    publish(acme, user, skill("secret-pilot"), number="1.0.0", is_private=True)
    publish(other, user, skill("plan-reader"), number="1.0.0")
    return user


def names(code: str, name: str, viewer: Any = ANONYMOUS) -> list[str]:
    with tenancy.bound(tenancy.PUBLIC):
        return [near.name for near in near_of(code, {"name": name}, viewer)]


@pytest.mark.usefixtures("ann")
def test_near_names_are_those_that_the_viewer_may_see() -> None:
    assert names("MP3002", "@tidewatter/migration-pilot") == ["@tidewater/migration-pilot"]
    assert names("MP3002", "@tidewater/migratoin-pilot") == ["@tidewater/migration-pilot"]
    assert names("MP3003", "@halden/plan-reader") == ["@halden/plan-reader"]
    assert names("MP3002", "@tidewater/secret-pilot") == ["@tidewater"]
    assert names("MP3001", "tidewatre") == ["@tidewater"]
    assert names("MP3001", "x" * 500) == names("MP3002", "@no/where-near-it") == names("MP9001", "tidewater") == []


def test_what_differs_is_marked() -> None:
    assert typed_beside("@tidewatter", "@tidewater") == (("@tidewat", False), ("t", True), ("er", False))
    assert typed_beside("@halden", "@halden") == ()


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    ("path", "link"),
    [
        ("/@tidewater/migratoin-pilot", "/@tidewater/migration-pilot"),
        ("/@Tidewater/Migration-Pilot", "/@tidewater/migration-pilot"),
        ("/@halden/plan-reader/no-such-page", "/@halden/plan-reader"),
        ("/@halden/plan-reader/versions/9.9.9", "/@halden/plan-reader"),
        ("/@haldne", "/@halden"),
    ],
)
def test_the_page_leads_to_what_was_perhaps_meant(path: str, link: str) -> None:
    answer = browser().get(path)
    assert answer.status_code == 404
    assert f'href="{link}"' in answer.content.decode()


@pytest.mark.usefixtures("ann")
def test_the_api_says_it_too() -> None:
    told = browser().get("/api/v1/packages/@tidewater/migratoin-pilot").json()
    assert told["near"] == [
        {"name": "@tidewater/migration-pilot", "kind": "skill", "path": "/@tidewater/migration-pilot"}
    ]


def test_a_read_that_takes_too_long_is_given_up() -> None:
    done = False
    with at_most(20, "a slow read"), connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(5)")
        done = True
    assert not done
    with at_most(20_000, "a quick one"), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        done = True
    assert done
