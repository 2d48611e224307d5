"""Every address, asked by four people; whoever is refused changes nothing."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import resolve

from tests.endpoints.routes import ADMIN, routes
from tests.endpoints.row import PEOPLE
from tests.endpoints.snapshot import snapshot
from tests.endpoints.table import TABLE
from tests.endpoints.world import world

if TYPE_CHECKING:
    from tests.endpoints.row import Row
    from tests.endpoints.world import World

SAFE = {"GET", "HEAD"}
NPM = ("/npm/", "/-/")
PROGRAMS = ("/apm/", "/api/", *NPM)
PART = 40
PARTS = [TABLE[at : at + PART] for at in range(0, len(TABLE), PART)]


def ask(world: World, person: str, row: Row) -> int:
    """The status; a streamed answer is read to its end. npm comes with the person's token, the rest with a session."""
    browser, path = world.browsers[person], row.path.format(**world.words)
    options: dict[str, Any] = {"HTTP_ACCEPT": "*/*"}
    if path.startswith(NPM):
        browser = Client(raise_request_exception=False)
        options["HTTP_AUTHORIZATION"] = f"Bearer {world.secrets[person]}" if person in world.secrets else ""
    if row.method in SAFE:
        response = browser.generic(row.method, path, **options)
    elif path.startswith(PROGRAMS):
        response = browser.generic(row.method, path, json.dumps(row.body), content_type="application/json", **options)
    else:
        response = browser.post(path, row.body, **options)
    if getattr(response, "streaming", False):
        b"".join(response)
    return int(response.status_code)


def answers(world: World, row: Row) -> list[str]:
    """What is wrong with what the four people get."""
    wrong = []
    for person in PEOPLE:
        expected, refused = row.expected()[person]
        watched = refused and row.method not in SAFE
        with transaction.atomic():
            before = snapshot() if watched else {}
            status = ask(world, person, row)
            changed = [name for name, digest in (snapshot() if watched else {}).items() if digest != before[name]]
            transaction.set_rollback(True)
        if status != expected:
            wrong.append(f"{row} as {person}: {status} instead of {expected}")
        if changed:
            wrong.append(f"{row} as {person}: refused with {status}, and yet changed {', '.join(changed)}")
    return wrong


@pytest.mark.django_db
@pytest.mark.parametrize("part", PARTS, ids=[str(part[0]) for part in PARTS])
def test_everybody_gets_what_the_table_says(part: tuple[Row, ...]) -> None:
    made = world()
    wrong = [line for row in part for line in answers(made, row)]
    assert not wrong, "\n".join(wrong)


def test_every_address_of_the_site_is_in_the_table() -> None:
    words = defaultdict(lambda: "00000000-0000-0000-0000-000000000000", sha256="0" * 64, picture="0" * 64)
    known = {resolve(row.path.format_map(words).split("?")[0]).route for row in TABLE}
    missing = [route for route in routes() if route not in known and not route.startswith(ADMIN)]
    assert not missing, "\n".join(missing)


def test_no_line_stands_twice() -> None:
    lines = sorted(map(str, TABLE))
    assert [line for line, same in groupby(lines) if len(list(same)) > 1] == []
