"""Usage facts: noted on the way, written down once, added up by day, and forgotten in time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from installs.clients import usage_queue as queues
from installs.domain.usage import Happened, Kind, Noted, query_plain, search_of, unpacked
from installs.models import Holding, UsageDay, UsageFact
from installs.services.downloads import Delivery, download_record
from installs.services.usage import Visit, usage_note, usage_write
from installs.services.usage_days import partitions_drop, partitions_make, usage_roll_up
from marketplace.core import tenancy
from marketplace.domain.viewer import ANONYMOUS
from tests.marketplace.people import browser
from tests.registry.world import listing, person, publish, publisher_of, skill, viewer

if TYPE_CHECKING:
    from marketplace.models import User
    from registry.models import Version

pytestmark = pytest.mark.django_db
READER = "Mozilla/5.0 (X11; Linux)"
NAME = "@acme/reviewer"


@pytest.fixture
def ann() -> User:
    """Owns @acme/reviewer."""
    cache.clear()
    ann = person("ann")
    publish(publisher_of(ann), ann)
    return ann


def written() -> list[UsageFact]:
    with tenancy.bound(tenancy.SYSTEM):
        usage_write()
        return list(UsageFact.objects.order_by("pk"))


def kinds() -> list[str]:
    return [fact.kind for fact in written()]


def added_up() -> UsageDay:
    with tenancy.bound(tenancy.SYSTEM):
        usage_write()
        usage_roll_up(timezone.now().date())
        return UsageDay.objects.get()


def fetch(user: User, version: Version) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        download_record(version=version, viewer=viewer(user), delivery=Delivery("npm", "npm/11", "192.0.2.7"))


def test_whoever_fetches_without_an_account_counts_apart_once_a_day(ann: User) -> None:
    version = listing(NAME).latest
    assert version is not None
    newer = publish(listing(NAME).publisher, ann, skill(body="More."), number="1.1.0")
    with tenancy.bound(tenancy.SYSTEM):
        for number, address in ((version, "192.0.2.7"), (newer, "192.0.2.7"), (version, "192.0.2.8")):
            download_record(version=number, viewer=ANONYMOUS, delivery=Delivery("npm", "npm/11", address))
        download_record(version=version, viewer=ANONYMOUS, delivery=Delivery("claude", "git/2.39", "192.0.2.7"))
        download_record(version=version, viewer=ANONYMOUS, delivery=Delivery("npm", "npm/11 ci/x", "192.0.2.9"))
        download_record(version=version, viewer=ANONYMOUS, delivery=Delivery("git-catalog", "git/2.39", "192.0.2.10"))
    fetch(person("bob"), version)
    day = added_up()
    assert (day.anonymous, day.installs, day.updates) == (2, 1, 0)
    with tenancy.bound(tenancy.SYSTEM):
        usage_roll_up(timezone.now().date())
        assert UsageDay.objects.get().anonymous == 2


@pytest.mark.usefixtures("ann")
def test_what_programs_look_for_is_kept_with_its_results_and_build_servers_apart() -> None:
    program = browser()
    for agent in (
        "npm/11.6.0 node/v24.1.0 linux x64 workspaces/false",
        "npm/11.6.0 node/v24.1.0 linux x64 ci/buildkite",
    ):
        program.get("/npm/-/v1/search?text=Reviewer", HTTP_USER_AGENT=agent)
    program.get("/api/v1/packages?q=no+such+thing", HTTP_USER_AGENT="market-cli/1.0")
    program.get("/api/v1/packages", HTTP_USER_AGENT="market-cli/1.0")
    program.get("/npm/-/v1/search?text=reviewer&from=1", HTTP_USER_AGENT="npm/11.6.0")
    assert [(fact.kind, fact.query, fact.found, fact.is_bot) for fact in written()] == [
        ("search", "reviewer", 1, False),
        ("search", "reviewer", 1, True),
        ("search", "no such thing", 0, False),
    ]


@pytest.mark.usefixtures("ann")
def test_from_search_to_install_each_step_is_counted() -> None:
    visitor = browser()
    visitor.get("/search?q=Reviewer%20", HTTP_USER_AGENT=READER)
    for _ in range(2):
        visitor.get(f"/{NAME}", headers={"referer": "http://testserver/search?q=reviewer", "user-agent": READER})
    visitor.post(f"/library/{NAME}/add", HTTP_USER_AGENT=READER)
    facts = written()
    assert [fact.kind for fact in facts] == ["search", "impression", "view", "click", "view", "click", "start"]
    assert (facts[0].query, facts[0].found, facts[0].package_id) == ("reviewer", 1, None)
    assert [(fact.query, fact.rank) for fact in facts if fact.kind == Kind.CLICK] == [("reviewer", 1)] * 2
    assert len({fact.who for fact in facts}) == 1
    assert "127.0.0.1" not in facts[0].who
    day = added_up()
    assert (day.impressions, day.views, day.clicks, day.starts) == (1, 1, 1, 1)


def test_programs_maintainers_and_looks_ahead_count_nothing(ann: User) -> None:
    browser().get(f"/{NAME}", HTTP_USER_AGENT="Examplebot/1.0")
    browser(ann).get(f"/{NAME}", HTTP_USER_AGENT=READER)
    browser().get(f"/{NAME}", HTTP_USER_AGENT=READER, headers={"sec-purpose": "prefetch"})
    browser().head(f"/{NAME}", HTTP_USER_AGENT=READER)
    (fact,) = written()
    assert fact.is_bot
    with tenancy.bound(tenancy.SYSTEM):
        usage_roll_up(timezone.now().date())
        assert not UsageDay.objects.exists()


def test_first_bytes_are_an_install_and_another_version_is_an_update(ann: User) -> None:
    bob = person("bob")
    first = listing(NAME).latest
    assert first is not None
    fetch(bob, first)
    fetch(bob, first)
    with tenancy.bound(tenancy.SYSTEM):
        download_record(version=first, viewer=ANONYMOUS, delivery=Delivery("npm", "npm/11", "192.0.2.7"))
    second = publish(listing(NAME).publisher, ann, skill(body="Read it twice."), number="1.1.0")
    fetch(bob, second)
    assert kinds() == ["install", "update"]
    day = added_up()
    assert (day.installs, day.updates) == (1, 1)
    with tenancy.bound(tenancy.SYSTEM):
        assert Holding.objects.get().version_id == second.pk


@pytest.mark.usefixtures("ann")
def test_what_was_written_is_never_written_again(monkeypatch: pytest.MonkeyPatch) -> None:
    browser().get(f"/{NAME}", HTTP_USER_AGENT=READER)
    with monkeypatch.context() as patch:
        patch.setattr(queues.RedisQueue, "forget", lambda *_: None)
        assert kinds() == ["view"]
    assert kinds() == ["view"]
    browser().get(f"/{NAME}", HTTP_USER_AGENT=READER)
    assert kinds() == ["view", "view"]


@pytest.mark.usefixtures("ann")
def test_a_queue_that_is_away_costs_the_page_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> None:
        raise queues.QueueFailed("away")

    monkeypatch.setattr(queues.RedisQueue, "put", gone)
    assert browser().get(f"/{NAME}", HTTP_USER_AGENT=READER).status_code == 200
    assert kinds() == []


@pytest.mark.usefixtures("ann")
def test_nobody_can_be_followed_from_one_day_to_the_next() -> None:
    visit = Visit(ANONYMOUS, "192.0.2.7", READER)
    usage_note(visit, [Happened(Kind.VIEW, 1)])
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        usage_note(visit, [Happened(Kind.VIEW, 1)])
    usage_note(Visit(ANONYMOUS, "192.0.2.7", READER), [Happened(Kind.VIEW, 1)])
    one, other, same = (fact.who for fact in written())
    assert one != other
    assert one == same


@pytest.mark.usefixtures("ann")
def test_facts_are_the_systems_and_never_change() -> None:
    usage_note(Visit(ANONYMOUS, "192.0.2.7", READER), [Happened(Kind.VIEW, listing(NAME).pk)])
    assert len(written()) == 1
    with tenancy.bound(tenancy.PUBLIC):
        assert not UsageFact.objects.exists()
        assert not Holding.objects.exists()
    with tenancy.bound(tenancy.SYSTEM), pytest.raises(DatabaseError), transaction.atomic():
        UsageFact.objects.update(kind="view")


@pytest.mark.usefixtures("ann")
def test_partitions_come_ahead_and_go_in_time() -> None:
    with tenancy.bound(tenancy.SYSTEM):
        assert len(partitions_make()) == 7
        assert partitions_make() == []
        old = timezone.now() - timedelta(days=200)
        UsageFact.objects.create(day=old.date(), at=old, kind="view", package_id=1, who="a")
        with connection.cursor() as cursor:
            cursor.execute("SELECT installs_fact_partition_make(%s)", [(old - timedelta(days=1)).date()])
        assert partitions_drop() == [f"installs_usagefact_{old - timedelta(days=1):%Y%m%d}"]
        assert not UsageFact.objects.exists()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT installs_partition_drop('marketplace_user', '2020-01-01')")


@pytest.mark.parametrize(
    "line", ["", "[]", "{}", '["2026-01-01", "x", "a", false, []]', '[1, 2, 3, 4, [{"kind": "x"}]]']
)
def test_lines_that_are_broken_are_nothing(line: str) -> None:
    assert unpacked(line) is None


def test_lines_come_back_as_they_went() -> None:
    now = timezone.now()
    things = (Happened(Kind.SEARCH, query="plan", found=0), Happened(Kind.DELIVERY, 3, version_id=4, holding="h"))
    noted = Noted(now.date(), now, "a", is_bot=False, things=things)
    assert unpacked(noted.packed()) == noted


@pytest.mark.parametrize(
    ("referrer", "query"),
    [
        ("https://market.example/search?q=Plan++B", "plan b"),
        ("https://market.example/search", ""),
        ("https://market.example/", None),
        ("https://other.example/search?q=plan", None),
        ("", None),
        ("https://market.example/search?" + "&".join(["a=1"] * 200), None),
    ],
)
def test_searches_are_read_from_where_a_reader_came(referrer: str, query: str | None) -> None:
    assert search_of(referrer, "market.example") == query


def test_words_are_kept_short_and_plain() -> None:
    assert query_plain("  A\0 b " + "c" * 200) == ("a b " + "c" * 200)[:80]
