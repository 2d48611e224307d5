"""A publisher's console: what waits, versions with findings, and numbers by day as chart, table, file and JSON."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from django.utils import timezone

from installs.models import DownloadDay, UsageDay
from marketplace.core import tenancy
from marketplace.services.tokens import token_create
from marketplace.storefront.charts import chart, days_until
from registry.domain.states import State
from registry.models import Version
from tests.marketplace.people import browser
from tests.registry.world import Api, body, listing, person, publish, publisher_of, receive, refusal, skill

if TYPE_CHECKING:
    from django.test import Client

    from marketplace.models import User
    from tests.query_counts import SameQueries

pytestmark = pytest.mark.django_db
NAME = "@acme/reviewer"
NUMBERS = f"/console/{NAME}/numbers"
API = f"packages/{NAME}/numbers"


@pytest.fixture
def ann() -> User:
    """Owns @acme/reviewer 1.0.0."""
    ann = person("ann")
    publish(publisher_of(ann), ann)
    return ann


@pytest.fixture
def counted(ann: User) -> User:
    """Two days of numbers, today and forty days ago."""
    package, today = listing(NAME), timezone.now().date()
    assert package.latest is not None
    with tenancy.bound(tenancy.SYSTEM):
        for day, views in ((today, 7), (today - timedelta(days=40), 1234)):
            UsageDay.objects.create(package=package, day=day, impressions=20, views=views, clicks=3, installs=2)
            DownloadDay.objects.create(package=package, version=package.latest, day=day, channel="npm", count=5)
    return ann


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_console_says_what_waits_and_how_packages_do(counted: User) -> None:
    acme = listing(NAME).publisher
    held = receive(acme, counted, skill(body="Read it twice."), number="1.1.0").version
    with tenancy.bound(tenancy.SYSTEM):
        Version.objects.filter(pk=held.pk).update(state=State.HELD)
    shown = page(browser(counted), "/console")
    assert "A moderator looks at what the checks found." in shown
    assert "1,234 in the 30 days before" in shown
    assert f'href="/console/verification/@{acme.name}"' in shown
    checks = page(browser(counted), f"/console/{NAME}")
    assert checks.count("Held") == 1
    assert checks.count("Published") == 1
    other = browser(person("bob"))
    assert NAME not in page(other, "/console")
    assert other.get(f"/console/{NAME}").status_code == 404


def test_numbers_stand_in_a_line_a_table_and_a_file(counted: User) -> None:
    own = browser(counted)
    shown = page(own, NUMBERS)
    assert "Views of 30 days: 7; 1234 in as many days before." in shown
    assert 'style="' not in shown
    assert shown.count('<th scope="row"><time') == 30
    year = page(own, f"{NUMBERS}?days=365&number=downloads&page=2")
    assert '<b class="num">10</b> in 365 days' in year
    assert "1,234" in year
    for odd in ("?days=x&number=y&page=z", "?days=99999999999", "?page=9999", "?number=%00"):
        page(own, f"{NUMBERS}{odd}")
    rows = list(csv.DictReader(page(own, f"{NUMBERS}.csv?days=90").splitlines()))
    assert len(rows) == 90
    assert rows[-1] == {
        "day": timezone.now().date().isoformat(), "impressions": "20", "views": "7", "clicks": "3", "starts": "0",
        "installs": "2", "updates": "0", "anonymous": "0", "downloads": "5",
    }  # fmt: skip
    assert browser(person("bob")).get(f"{NUMBERS}.csv").status_code == 404


def test_programs_of_maintainers_read_numbers(counted: User) -> None:
    api, today = Api(counted, scope="read"), timezone.now().date()
    days = body(api.ask("GET", API))["results"]
    assert len(days) == 30
    assert (days[-1]["day"], days[-1]["views"], days[-1]["downloads"]) == (today.isoformat(), 7, 5)
    old = body(api.ask("GET", f"{API}?first=2001-01-01"))["results"]
    assert len(old) == 366
    assert sum(day["views"] for day in old) == 1241
    assert refusal(api.ask("GET", f"{API}?first=soon")) == (422, "MP5051")
    assert refusal(api.ask("GET", f"{API}?first={today}&last=2020-01-01")) == (422, "MP5051")
    assert refusal(Api(person("bob")).ask("GET", API)) == (403, "MP5050")
    other, secret = token_create(user=counted, name="other", scopes=["read"], packages=["@acme/other"])
    assert other.packages == ["@acme/other"]
    api.headers = {"Authorization": f"Bearer {secret}"}
    assert refusal(api.ask("GET", API)) == (403, "MP3014")


def test_console_asks_as_much_for_many_packages(ann: User, assert_same_queries: SameQueries) -> None:
    acme, own, names = listing(NAME).publisher, browser(ann), iter(range(100))

    def grow(count: int) -> None:
        for _ in range(count):
            publish(acme, ann, skill(f"skill-{next(names)}"))

    assert_same_queries(grow, lambda: page(own, "/console"), most=24)


def test_chart_is_whole_at_its_edges() -> None:
    days = days_until(date(2026, 3, 1), 30)
    flat = chart(days, [0] * 30, [0] * 30, {})
    assert (flat.before, flat.end, [mark.text for mark in flat.heights]) == (
        "",
        (746.0, 254.0),
        ["0", "1", "2", "3", "4"],
    )
    steep = chart(days, [*[0] * 29, 1001], [7] * 30, {days[0]: "1.0.0", days[1]: "1.0.1", days[20]: "1.1.0"})
    assert steep.heights[-1].text == "1,200"
    assert [mark.text for mark in steep.releases] == ["1.0.0", "1.1.0"]
    assert steep.before
