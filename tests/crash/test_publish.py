"""`kill -9` of web or worker at each step of publishing: a version is there once or not at all, and never stuck."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.crash.faults import file_of
from tests.crash.points import WEB, WORKER

if TYPE_CHECKING:
    from tests.crash.author import Author
    from tests.crash.ledger import Ledger
    from tests.crash.points import Point
    from tests.live_site import LiveSite

pytestmark = pytest.mark.crash
FURTHER = {
    "bytes half copied", "bytes stored", "answer ready", "content read", "file derived", "all derived", "signed",
    "tag pointed", "state moved", "projected", "scan begun", "row uploading", "package created", "job promised",
    "artifact ready", "job claimed", "promise kept",
}  # fmt: skip


def each(points: tuple[Point, ...]) -> list[Any]:
    """The points; those that lie close to another one are for the long run."""
    return [
        pytest.param(point, id=str(point), marks=[pytest.mark.long] if point.name in FURTHER else [])
        for point in points
    ]


def wait_for_death(site: LiveSite, role: str, point: Point) -> None:
    deadline = time.monotonic() + 60
    while not site.has_ended(role):
        assert time.monotonic() < deadline, f"nothing reached {point}"
        time.sleep(0.05)
    site.kill(role)
    assert not file_of(site.data_dir, point).exists()


@pytest.mark.parametrize("point", each(WEB))
def test_web_killed_while_it_takes_a_version_in(site: LiveSite, author: Author, ledger: Ledger, point: Point) -> None:
    file_of(site.data_dir, point).touch()
    assert author.publish(f"web-{point}") is None
    wait_for_death(site, "web", point)
    ledger.let_hours_pass()
    site.start("web")
    site.wait_until_ready()
    ledger.settle()
    there = set(ledger.versions())
    assert author.asked - there <= {f"@acme/web-{point}@1.0.0"}
    ledger.check(there)
    assert author.publish(f"web-{point}") in {200, 202}
    ledger.settle()
    ledger.check(author.asked)


@pytest.mark.parametrize("point", each(WORKER))
def test_worker_killed_while_it_checks_a_version(site: LiveSite, author: Author, ledger: Ledger, point: Point) -> None:
    file_of(site.data_dir, point).touch()
    assert author.publish(f"worker-{point}") == 202
    wait_for_death(site, "worker", point)
    ledger.let_hours_pass()
    site.start("worker")
    ledger.settle()
    ledger.check(author.asked)
