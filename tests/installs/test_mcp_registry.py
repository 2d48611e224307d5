"""The MCP registry API, as clients and mirrors ask it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from installs.models import Withdrawal
from marketplace.core import tenancy
from marketplace.domain.viewer import SYSTEM
from registry.domain.capabilities import reaches_of
from registry.domain.states import State
from registry.models import Package
from registry.services.lifecycle import version_move
from tests.installs.mcp_world import Acme
from tests.registry import world
from tests.reviews.world import reviewed

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from pytest_django import Settings

    from registry.models import Version
    from tests.query_counts import SameQueries

pytestmark = pytest.mark.django_db
LIST = "/v0.1/servers"
OFFICIAL = "io.modelcontextprotocol.registry/official"
WEATHER = "localhost.acme/weather"


@pytest.fixture
def acme(settings: Settings) -> Acme:
    settings.COOLDOWN_HOURS = 0
    return Acme()


def ask(path: str, method: str = "get", **headers: str) -> HttpResponseBase:
    answer: HttpResponseBase = getattr(Client(), method)(path, headers=headers)
    return answer


def read(path: str = LIST) -> dict[str, Any]:
    response = ask(path)
    assert response.status_code == 200, response.getvalue()
    found: dict[str, Any] = json.loads(response.getvalue())
    return found


def told(path: str = LIST) -> list[tuple[str, str, str]]:
    """Name, version and status of each entry."""
    entries = read(path)["servers"]
    return [
        (entry["server"]["name"], entry["server"]["version"], entry["_meta"][OFFICIAL]["status"]) for entry in entries
    ]


def refused(path: str, method: str = "get") -> tuple[int, str]:
    response = ask(path, method)
    return response.status_code, json.loads(response.getvalue())["code"]


def move(version: Version, after: State) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        version_move(version=version, after=after, by=SYSTEM)


def since(**back: int) -> str:
    moment = timezone.now() - timedelta(**back)
    return quote(moment.isoformat())


def age(version: Version) -> None:
    """Let the package's last change lie an hour back."""
    with tenancy.bound(tenancy.SYSTEM):
        before = timezone.now() - timedelta(hours=1)
        Package.objects.filter(pk=version.package_id).update(updated_at=before)


def test_servers_are_listed_with_what_the_site_says_of_them(acme: Acme) -> None:
    version = acme.server()
    (entry,) = read()["servers"]
    assert entry["server"]["name"] == WEATHER
    assert entry["server"]["remotes"][0]["url"] == "https://weather.example/mcp"
    assert entry["_meta"][OFFICIAL]["isLatest"] is True
    about = entry["_meta"]["localhost/marketplace"]
    assert (about["package"], about["verdict"], about["downloads"]) == ("@acme/weather", "pass", 0)
    assert about["capabilities"] == reaches_of(version.strip) != {}
    assert "rating" not in about


def test_servers_are_listed_with_what_their_reviews_say(acme: Acme) -> None:
    version = acme.server()
    for name, stars in (("bob", 5), ("eve", 4)):
        reviewed(world.listing(version.package.full_name), name, stars)
    (entry,) = read()["servers"]
    about = entry["_meta"]["localhost/marketplace"]
    assert (about["rating"], about["reviews"]) == (4.5, 2)


def test_bundle_is_told_with_its_digest(acme: Acme) -> None:
    acme.bundle()
    (entry,) = read()["servers"]
    (package,) = entry["server"]["packages"]
    assert (package["registryType"], package["transport"]) == ("mcpb", {"type": "stdio"})
    assert package["fileSha256"] in package["identifier"]
    assert ask(package["identifier"].removeprefix("http://localhost:8000")).status_code == 200


def test_only_servers_are_listed_and_words_find_them(acme: Acme) -> None:
    acme.skill()
    acme.server()
    acme.server("tides", description="When the water is high.")
    assert [name for name, *_ in told()] == ["localhost.acme/tides", WEATHER]
    assert [name for name, *_ in told(f"{LIST}?search=water")] == ["localhost.acme/tides"]
    assert told(f"{LIST}?search=zebra") == []


def test_versions_latest_and_one_by_number(acme: Acme) -> None:
    acme.server()
    acme.server(number="1.1.0")
    assert [version for _, version, _ in told(f"{LIST}?version=latest")] == ["1.1.0"]
    for name in (WEATHER, quote(WEATHER, safe="")):
        assert [version for _, version, _ in told(f"{LIST}/{name}/versions")] == ["1.1.0", "1.0.0"]
        assert read(f"{LIST}/{name}/versions/latest")["server"]["version"] == "1.1.0"
        assert read(f"{LIST}/{name}/versions/1.0.0")["server"]["version"] == "1.0.0"


def test_pages_follow_each_other_without_a_gap(acme: Acme) -> None:
    for name in ("alpha", "beta", "gamma"):
        acme.server(name)
    first = read(f"{LIST}?limit=2")
    assert first["metadata"]["count"] == 2
    second = read(f"{LIST}?limit=2&cursor={first['metadata']['nextCursor']}")
    names = [entry["server"]["name"] for entry in [*first["servers"], *second["servers"]]]
    assert names == ["localhost.acme/alpha", "localhost.acme/beta", "localhost.acme/gamma"]
    assert "nextCursor" not in second["metadata"]


def test_mirrors_hear_of_what_changed_and_nothing_else(acme: Acme) -> None:
    age(acme.server("alpha"))
    acme.server("beta")
    assert told(f"{LIST}?updated_since={since(minutes=5)}") == [("localhost.acme/beta", "1.0.0", "active")]
    assert len(told(f"{LIST}?updated_since={since(hours=2)}")) == 2
    assert told(f"{LIST}?updated_since={since(minutes=-5)}") == []


@pytest.mark.parametrize("after", [State.QUARANTINED, State.REMOVED])
def test_removed_version_is_a_tombstone_for_mirrors_only(acme: Acme, after: State) -> None:
    version = acme.server()
    move(version, after)
    assert told() == []
    (entry,) = read(f"{LIST}?updated_since={since(minutes=5)}")["servers"]
    assert set(entry["server"]) == {"$schema", "name", "description", "version"}
    assert entry["_meta"][OFFICIAL]["status"] == "deleted"
    assert refused(f"{LIST}/{WEATHER}/versions/1.0.0") == (404, "MP3003")


def test_server_that_goes_private_leaves_tombstones_until_it_is_public_again(acme: Acme) -> None:
    acme.server("alpha")
    acme.server()
    version = acme.server(number="1.1.0")
    acme.hide(version)
    assert told() == [("localhost.acme/alpha", "1.0.0", "active")]
    recent = f"{LIST}?updated_since={since(minutes=5)}"
    gone = [(WEATHER, "1.1.0", "deleted"), (WEATHER, "1.0.0", "deleted")]
    assert told(recent) == [("localhost.acme/alpha", "1.0.0", "active"), *gone]
    assert told(f"{recent}&version=latest")[1:] == gone[:1]
    assert all("remotes" not in entry["server"] for entry in read(recent)["servers"][1:])
    acme.hide(version, is_private=False)
    assert [status for *_, status in told(recent)] == ["active"] * 3
    assert not Withdrawal.objects.exists()


@pytest.mark.parametrize("after", [State.REMOVED, State.UNPUBLISHED])
def test_server_that_loses_its_versions_and_goes_private_leaves_tombstones(acme: Acme, after: State) -> None:
    versions = [acme.server(), acme.server(number="1.1.0")]
    with tenancy.bound(tenancy.SYSTEM):
        for version in versions:
            version_move(version=version, after=after, by=SYSTEM)
    recent = f"{LIST}?updated_since={since(minutes=5)}"
    gone = [(WEATHER, "1.1.0", "deleted"), (WEATHER, "1.0.0", "deleted")]
    assert (told(), told(recent)) == ([], gone)
    acme.hide(versions[0])
    assert (told(), told(recent), told(f"{recent}&version=latest")) == ([], gone, gone)
    acme.hide(versions[0], is_private=False)
    assert told(recent) == gone
    acme.server(number="2.0.0")
    assert not Withdrawal.objects.exists()


def test_tombstones_are_paged_among_the_living(acme: Acme) -> None:
    for name in ("alpha", "gamma"):
        acme.server(name)
    acme.hide(acme.server("beta"))
    address = f"{LIST}?updated_since={since(minutes=5)}&limit=1"
    names, cursor = [], ""
    for _ in range(4):
        page = read(f"{address}&cursor={cursor}")
        names += [entry["server"]["name"].rpartition("/")[2] for entry in page["servers"]]
        cursor = page["metadata"].get("nextCursor", "")
        if not cursor:
            break
    assert names == ["alpha", "beta", "gamma"]


def test_server_that_was_always_private_is_never_named(acme: Acme) -> None:
    (first,) = [acme.server()]
    acme.hide(first)
    with tenancy.bound(tenancy.SYSTEM):
        Withdrawal.objects.all().delete()
    acme.server(number="2.0.0")
    assert told(f"{LIST}?updated_since={since(minutes=5)}") == []


def test_pages_of_any_origin_may_read() -> None:
    asked = ask(LIST, "options", Origin="https://inspector.example")
    assert (asked.status_code, asked["Access-Control-Allow-Origin"]) == (204, "*")
    assert ask(LIST)["Access-Control-Allow-Origin"] == "*"
    assert ask(f"{LIST}/nobody/nothing/versions")["Access-Control-Allow-Origin"] == "*"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (f"{LIST}?updated_since=yesterday", (422, "MP9004")),
        (f"{LIST}?version=newest", (422, "MP9004")),
        (f"{LIST}?cursor=forged", (422, "MP9012")),
        (f"{LIST}/com.other/weather/versions", (404, "MP3002")),
        (f"{LIST}/{WEATHER}/versions", (404, "MP3002")),
        (f"{LIST}/{WEATHER}/versions/latest", (404, "MP3003")),
    ],
)
def test_bad_questions_are_refused_with_the_sentence(path: str, expected: tuple[int, str]) -> None:
    assert refused(path) == expected


def test_other_methods_are_405() -> None:
    assert refused(LIST, "post") == (405, "MP9007")
    assert refused(LIST, "delete") == (405, "MP9007")


@pytest.mark.parametrize("query", ["limit=0", "limit=999999999999", "limit=x", "search=%00", "search=%ff", "cursor="])
def test_odd_questions_get_a_plain_answer(acme: Acme, query: str) -> None:
    acme.server()
    assert ask(f"{LIST}?{query}").status_code == 200


def test_list_asks_as_often_for_ten_servers_as_for_one(acme: Acme, assert_same_queries: SameQueries) -> None:
    made = iter(range(100))

    def grow(count: int) -> None:
        for _ in range(count):
            acme.server(f"server-{next(made)}")

    assert_same_queries(grow, lambda: read(f"{LIST}?updated_since={since(minutes=5)}&limit=100"), most=8)
