"""Bytes that left from memory are written down, however web ends."""

from __future__ import annotations

import re
import time
import urllib.request
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.crash.author import Author
    from tests.crash.ledger import Ledger
    from tests.live_site import LiveSite

pytestmark = pytest.mark.crash
COUNT = 40
GATHERED_SECONDS = 10


def taken(site: LiveSite, name: str) -> None:
    """Fetch the tarball COUNT times, most of them from memory."""
    before = from_memory(site)
    for _ in range(COUNT):
        address = f"{site.url}/npm/@acme/{name}/-/{name}-1.0.0.tgz"
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert answer.read()
    assert from_memory(site) >= before + COUNT - 5


def from_memory(site: LiveSite) -> int:
    headers = {"Authorization": f"Bearer {site.env['METRICS_TOKEN']}"}
    request = urllib.request.Request(f"{site.url}/metrics", headers=headers)
    with urllib.request.urlopen(request, timeout=30) as answer:
        told = re.search(r'^market_kept_answers_total\{status="200"\} (\d+)', answer.read().decode(), re.MULTILINE)
    assert told
    return int(told[1])


def counted(ledger: Ledger, name: str, wanted: int) -> None:
    deadline = time.monotonic() + GATHERED_SECONDS
    while ledger.downloads(name) != wanted:
        assert time.monotonic() < deadline, ledger.downloads(name)
        time.sleep(0.1)


def test_deliveries_of_a_web_that_is_killed_are_counted_by_the_next(
    site: LiveSite, author: Author, ledger: Ledger
) -> None:
    assert author.publish("given") == 202
    ledger.settle()
    taken(site, "given")
    site.kill("web")
    site.start("web")
    site.wait_until_ready()
    counted(ledger, "@acme/given", COUNT)


def test_web_that_is_asked_to_stop_leaves_no_delivery_behind(site: LiveSite, author: Author, ledger: Ledger) -> None:
    assert author.publish("taken") == 202
    ledger.settle()
    taken(site, "taken")
    site.stop("web")
    assert ledger.downloads("@acme/taken") == COUNT
    assert not list((site.data_dir / "deliveries").iterdir())
    site.start("web")
    site.wait_until_ready()
