"""Skills discovery, both forms, and `skills find`."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from installs.models import Download
from marketplace.core import tenancy
from marketplace.domain.viewer import SYSTEM
from registry.domain.states import State
from registry.services.lifecycle import version_move
from tests.installs.mcp_world import Acme
from tests.installs.test_claude_documents import library_key

if TYPE_CHECKING:
    from django.http.response import HttpResponseBase

    from tests.query_counts import SameQueries

pytestmark = pytest.mark.django_db
NEW = "/.well-known/agent-skills/index.json"
OLD = "/.well-known/skills/index.json"
SITE = "http://localhost:8000"


@pytest.fixture
def acme() -> Acme:
    return Acme()


def ask(path: str, **headers: str) -> HttpResponseBase:
    answer: HttpResponseBase = Client().get(path.removeprefix(SITE), headers=headers)
    return answer


def read(path: str) -> dict[str, Any]:
    response = ask(path)
    assert response.status_code == 200, response.getvalue()
    found: dict[str, Any] = json.loads(response.getvalue())
    return found


def names(path: str) -> list[str]:
    return [entry["name"] for entry in read(path)["skills"]]


def downloads() -> int:
    with tenancy.bound(tenancy.SYSTEM):
        return Download.objects.count()


def test_new_index_names_a_zip_with_its_digest_and_the_manual_at_its_root(acme: Acme) -> None:
    acme.skill()
    told = read(f"/@acme/reviewer{NEW}")
    assert told["$schema"] == "https://schemas.agentskills.io/discovery/0.2.0/schema.json"
    (entry,) = told["skills"]
    assert (entry["name"], entry["type"]) == ("reviewer", "archive")
    packed = b"".join(ask(entry["url"]))
    assert entry["digest"] == f"sha256:{hashlib.sha256(packed).hexdigest()}"
    assert {"SKILL.md", "notes.md"} <= set(zipfile.ZipFile(io.BytesIO(packed)).namelist())


def test_old_index_names_files_that_stand_beside_it(acme: Acme) -> None:
    acme.skill()
    (entry,) = read(f"/@acme/reviewer{OLD}")["skills"]
    assert entry == {
        "name": "reviewer",
        "description": "Reviews SQL. Use it before a migration.",
        "version": "1.0.0",
        "files": ["SKILL.md", "notes.md"],
    }
    beside = "/@acme/reviewer/.well-known/skills/reviewer"
    assert b"Read the plan first." in ask(f"{beside}/SKILL.md").getvalue()
    assert ask(f"{beside}/notes.md").getvalue() == b"Notes"
    assert ask(f"{beside}/../../etc/passwd").status_code == 404
    assert ask(f"{beside}/other.md").status_code == 404


def test_manual_counts_as_a_download_and_a_comparison_of_digests_does_not(acme: Acme) -> None:
    acme.skill()
    manual = "/@acme/reviewer/.well-known/skills/reviewer/SKILL.md"
    ask(manual, **{"X-Skills-Update-Check": "1"})
    ask("/@acme/reviewer/.well-known/skills/reviewer/notes.md")
    assert downloads() == 0
    ask(manual)
    assert downloads() == 1


def test_publisher_offers_what_is_public_and_a_library_what_it_holds(acme: Acme) -> None:
    acme.skill("one")
    secret = acme.skill("secret")
    acme.hide(secret)
    for index in (NEW, OLD):
        assert names(f"/@acme{index}") == ["one"]
        assert ask(f"/@acme/secret{index}").status_code == 404
    key = library_key(acme.ann, "@acme/secret")
    assert names(f"/s/{key}{NEW}") == ["secret"]
    shown = ask(f"/s/{key}{OLD}")
    assert (shown["Cache-Control"], shown["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    (entry,) = read(f"/s/{key}{NEW}")["skills"]
    assert ask(entry["url"]).status_code == 200
    assert ask(entry["url"].replace(f"/s/{key}", "/artifacts")).status_code == 404


@pytest.mark.parametrize("after", [State.QUARANTINED, State.REMOVED, State.YANKED])
def test_what_is_taken_away_leaves_the_indexes(acme: Acme, after: State) -> None:
    version = acme.skill()
    with tenancy.bound(tenancy.SYSTEM):
        version_move(version=version, after=after, by=SYSTEM)
    for index in (NEW, OLD):
        assert ask(f"/@acme/reviewer{index}").status_code == 404


def test_find_says_what_to_add(acme: Acme) -> None:
    acme.skill()
    acme.server()
    acme.hide(acme.skill("hidden"))
    assert read("/api/search?q=sql")["skills"] == [
        {"id": "acme/reviewer/reviewer", "name": "reviewer", "source": f"{SITE}/@acme/reviewer", "installs": 0}
    ]
    assert read("/api/search?q=sql&owner=acme")["skills"] != []
    assert read("/api/search?q=sql&owner=other")["skills"] == []
    assert read("/api/search?q=weather")["skills"] == []


@pytest.mark.parametrize("query", ["", "q=", "q=%00", "q=sql&limit=0", "q=sql&limit=zz", "q=sql&owner=%00"])
def test_odd_questions_get_a_plain_answer(acme: Acme, query: str) -> None:
    acme.skill()
    assert ask(f"/api/search?{query}").status_code == 200


def test_publisher_index_asks_as_often_for_many_skills(acme: Acme, assert_same_queries: SameQueries) -> None:
    made = iter(range(100))

    def grow(count: int) -> None:
        for _ in range(count):
            acme.skill(f"skill-{next(made)}")

    assert_same_queries(grow, lambda: read(f"/@acme{NEW}"))
