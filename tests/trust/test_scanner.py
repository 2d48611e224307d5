"""The scanner's process: killed, out of time or memory, it answers with an error and works again."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from registry.clients.scanner import ScanFailed, Scanner
from registry.domain.packing import pack_zip
from tests.registry.domain.packages import plugin

if TYPE_CHECKING:
    from collections.abc import Iterator

ARCHIVE = pack_zip(plugin())


def asked(**changed: Any) -> dict[str, Any]:
    return {"checks": ["behaviour", "secrets"], "seconds": 30, "memory": 2 * 1024**3, **changed}


@pytest.fixture
def scanner() -> Iterator[Scanner]:
    made = Scanner()
    yield made
    made.stop()


def test_a_scan_reports_each_check(scanner: Scanner) -> None:
    report = scanner.scan(ARCHIVE, asked())
    assert {name: (check["hits"], check["error"]) for name, check in report["checks"].items()} == {
        "behaviour": ([], ""),
        "secrets": ([], ""),
    }


def test_a_killed_scanner_is_an_error_and_the_next_scan_starts_another(scanner: Scanner) -> None:
    scanner.scan(ARCHIVE, asked())
    assert scanner.process is not None
    os.kill(scanner.process.pid, signal.SIGKILL)
    os.waitid(os.P_PID, scanner.process.pid, os.WEXITED | os.WNOWAIT)
    assert scanner.scan(ARCHIVE, asked())["kind"] == "plugin"


def test_time_that_is_up_is_an_error(scanner: Scanner) -> None:
    with pytest.raises(ScanFailed, match="longer than"):
        scanner.scan(ARCHIVE, asked(seconds=0))
    assert scanner.scan(ARCHIVE, asked())["kind"] == "plugin"


def test_memory_that_is_up_is_an_error(scanner: Scanner) -> None:
    with pytest.raises(ScanFailed):
        scanner.scan(pack_zip(plugin({"notes.md": "word " * 2_000_000})), asked(memory=1024**2))


def test_a_check_that_is_none_is_its_error_and_no_pass(scanner: Scanner) -> None:
    report = scanner.scan(ARCHIVE, asked(checks=["nothing"]))
    assert report["checks"]["nothing"]["error"].startswith("ValueError")


def test_bytes_that_are_no_archive_are_an_error(scanner: Scanner) -> None:
    with pytest.raises(ScanFailed):
        scanner.scan(b"nothing", asked())
