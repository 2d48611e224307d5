from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from installs.domain.copies import catalogue_copies, packument_copies
from installs.domain.deliveries import Delivered, delivered

LINE = {
    "at": "2026-11-24T10:00:00+01:00",
    "path": "/npm/@acme/papers/-/papers-1.2.0.tgz",
    "address": "192.0.2.1",
    "agent": "npm/12",
    "check": "",
}
DIGEST = "ab" * 32


def test_every_form_of_a_packument_has_a_copy_below_each_base() -> None:
    copies = packument_copies("@acme/papers", ["https://a.example/npm", "https://npm.a.example"])
    assert len(set(copies)) == 8
    assert {copy.url for copy in copies} == {
        "https://a.example/npm/@acme/papers",
        "https://npm.a.example/@acme/papers",
    }
    assert {copy.key for copy in copies} == {"@acme/papers"}
    assert len(catalogue_copies("https://a.example/claude/marketplace.json")) == 2


def test_a_line_of_the_log_is_a_delivery() -> None:
    at = datetime(2026, 11, 24, 9, tzinfo=UTC)
    tarball = Delivered(
        "@acme/papers", "1.2.0", "papers-1.2.0.tgz", is_npm=True, at=at, client="npm/12", address="192.0.2.1"
    )
    assert delivered(json.dumps(LINE)) == tarball
    archive = delivered(json.dumps(LINE | {"path": f"/artifacts/@acme/papers/1.2.0/{DIGEST}/papers-1.2.0.zip"}))
    assert archive is not None
    assert (archive.full_name, archive.number, archive.file, archive.is_npm) == (
        "@acme/papers",
        "1.2.0",
        "papers-1.2.0.zip",
        False,
    )


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{",
        "[]",
        "null",
        json.dumps(LINE | {"at": "yesterday"}),
        json.dumps(LINE | {"path": "/npm/@acme/papers"}),
        json.dumps(LINE | {"path": "/npm/@acme/papers/-/other-1.2.0.tgz"}),
        json.dumps(LINE | {"check": "1"}),
    ],
)
def test_lines_that_tell_of_no_delivery_are_passed_over(line: str) -> None:
    assert delivered(line) is None
