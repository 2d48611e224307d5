"""The page of changes: what a version can do that the one before cannot, and the form that accepts, skips or stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from installs.selectors.libraries import offer_of
from installs.services.libraries import library_of
from marketplace.core import tenancy
from registry.models import Package
from tests.marketplace.people import browser, person, viewer
from tests.trust.pairs import WIDENINGS
from tests.trust.world import add, publish, publisher_of

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase
    from django.test import Client

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
PAGE = "/@acme/reviewer/compare/1.0.0...1.1.0"
PAIR = next(pair for pair in WIDENINGS if pair.name == "a remote server")


class World:
    """Bob has 1.0.0 in his library; 1.1.0 connects to a server besides."""

    def __init__(self) -> None:
        self.ann, self.bob = person("ann"), person("bob")
        acme, by = publisher_of(viewer(self.ann)), viewer(self.ann)
        first = publish(acme, by, "reviewer", "1.0.0", files=PAIR.before)
        add(viewer(self.bob), first.package)
        publish(acme, by, "reviewer", "1.1.0", files=PAIR.after)
        self.client = browser(self.bob)

    def offered(self) -> str:
        tenancy.bind(tenancy.SYSTEM)
        by = viewer(self.bob)
        offer = offer_of(library_of(by=by), by, Package.objects.get(full_name="@acme/reviewer"))
        return offer.version.number if offer is not None and offer.version is not None else ""


@pytest.fixture
def world() -> World:
    return World()


def page(client: Client, path: str = PAGE) -> str:
    return text(client.get(path))


def text(answer: HttpResponseBase) -> str:
    assert answer.status_code == 200
    return answer.getvalue().decode()


def test_it_says_what_was_gained_where_and_shows_the_text(world: World) -> None:
    said = page(world.client)
    assert "1.1.0 asks for more than 1.0.0" in said
    assert "Connects to the MCP server" in said
    assert ".mcp.json" in said
    assert "https://mcp.tidewater.dev/" in said
    assert "Not yet on shared addresses." in said
    back = page(world.client, "/@acme/reviewer/compare/1.1.0...1.0.0")
    assert "1.0.0 asks for less than 1.1.0" in back
    assert "No longer:" in back


def test_only_who_has_it_in_a_library_decides(world: World) -> None:
    assert 'id="decide"' in page(world.client)
    for stranger in (browser(), browser(world.ann)):
        assert 'id="decide"' not in page(stranger)
    assert 'id="decide"' not in page(world.client, "/@acme/reviewer/compare/1.1.0...1.0.0")


@pytest.mark.parametrize(
    ("act", "offered", "says"),
    [("accept", "1.1.0", "Accepted"), ("skip", "1.0.0", "Skipped 1.1.0"), ("stay", "1.0.0", "You stay on")],
)
def test_each_answer_of_the_form_counts(world: World, act: str, offered: str, says: str) -> None:
    answer = world.client.post("/library/@acme/reviewer/decide", {"version": "1.1.0", "do": act}, follow=True)
    assert says in text(answer)
    assert world.offered() == offered
    assert ('id="decide"' in page(world.client)) == (act != "accept")


def test_no_other_answer_and_no_other_version_counts(world: World) -> None:
    for fields in ({"version": "1.1.0", "do": "agree"}, {"version": "1.1.0"}, {"version": "9.9.9", "do": "accept"}):
        answer = world.client.post("/library/@acme/reviewer/decide", fields)
        assert 400 <= answer.status_code < 500, fields
    assert world.offered() == "1.0.0"
