"""Valkey gone, the database restarted: what was promised is kept, what cannot be answered says so."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from house.postgres import Postgres
    from house.valkey import Valkey
    from tests.crash.author import Author
    from tests.crash.ledger import Ledger
    from tests.live_site import LiveSite

pytestmark = pytest.mark.crash


def asked(site: LiveSite, path: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(f"{site.url}{path}", timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def until(says: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not says():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def readiness(site: LiveSite) -> tuple[int, Any]:
    status, body = asked(site, "/readyz")
    return status, json.loads(body)["failed"]


def test_versions_taken_in_without_a_queue_are_published_when_it_is_back(
    site: LiveSite, author: Author, ledger: Ledger, queue_server: Valkey
) -> None:
    assert author.publish("before-the-queue-went") == 202
    queue_server.stop()
    try:
        assert readiness(site) == (503, ["cache"])
        assert author.publish("without-a-queue") == 202
        assert asked(site, "/")[0] == 200
        assert asked(site, "/search?q=queue")[0] == 200
        assert asked(site, "/livez") == (200, b"ok\n")
    finally:
        queue_server.start()
    until(lambda: readiness(site) == (200, []))
    ledger.settle()
    ledger.check(author.asked)


def test_database_that_restarts_costs_a_503_and_nothing_else(
    site: LiveSite, author: Author, ledger: Ledger, database_server: Postgres
) -> None:
    assert author.publish("before-the-restart") == 202
    database_server.stop()
    try:
        assert readiness(site) == (503, ["database"])
        assert author.publish("during-the-restart") == 503
        assert asked(site, "/")[0] == 503
        assert asked(site, "/livez") == (200, b"ok\n")
    finally:
        database_server.start()
    until(lambda: readiness(site) == (200, []))
    assert author.publish("during-the-restart") == 202
    ledger.let_hours_pass()
    ledger.settle()
    ledger.check(author.asked)
