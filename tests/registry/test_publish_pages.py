"""Publishing on the site: what is dropped is read, shown, and published when it is confirmed."""

from __future__ import annotations

import io
import json
import re
import zipfile
from itertools import count, islice
from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.core import tenancy
from marketplace.models import OutboxEntry
from registry.models import Import, Package, Publisher, Version
from tests.marketplace.people import browser
from tests.registry.packages import SKILL
from tests.registry.world import person, publish, publisher_of, skill

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase
    from django.test import Client

    from marketplace.models import User
    from tests.query_counts import SameQueries

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> User:
    ann = person("ann")
    publisher_of(ann)
    return ann


def zipped(files: dict[str, str]) -> SimpleUploadedFile:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path, body in files.items():
            archive.writestr(path, body)
    return SimpleUploadedFile("reviewer.zip", packed.getvalue(), "application/zip")


def text(answer: HttpResponseBase) -> str:
    return answer.getvalue().decode()


def drop(client: Client, *files: SimpleUploadedFile, paths: str = "") -> str:
    """Upload; the address of what was found."""
    answer = client.post("/publish", {"files": list(files), "paths": paths})
    assert answer.status_code == 302, text(answer)
    return answer.headers["Location"]


def chosen(page: str) -> list[str]:
    return re.findall(r'name="entry" value="([^"]+)"[^>]* checked', page)


def counts() -> tuple[int, int, int]:
    with tenancy.bound(tenancy.SYSTEM):
        return Import.objects.count(), Package.objects.count(), OutboxEntry.objects.count()


def test_archive_is_shown_first_and_published_when_confirmed(ann: User, run_jobs: Callable[[], int]) -> None:
    own = browser(ann)
    draft = drop(own, zipped({"SKILL.md": SKILL}))
    page = text(own.get(draft))
    assert "reviewer" in page
    assert Package.objects.count() == 0
    answer = own.post(draft, {"publisher": "acme", "visibility": "private", "entry": chosen(page)})
    assert (answer.status_code, answer.headers["Location"]) == (302, draft)
    assert "0 of 1 are through." in text(own.get(draft))
    run_jobs()
    assert "are through." not in text(own.get(draft))
    with tenancy.bound(tenancy.SYSTEM):
        version = Version.objects.select_related("package").get()
    assert (version.package.full_name, version.package.is_private) == ("@acme/reviewer", True)


def test_files_of_a_folder_keep_their_paths(ann: User, run_jobs: Callable[[], int]) -> None:
    own = browser(ann)
    files = [SimpleUploadedFile("SKILL.md", SKILL.encode()), SimpleUploadedFile("notes.md", b"Notes.\n")]
    draft = drop(own, *files, paths=json.dumps(["reviewer/SKILL.md", "reviewer/references/notes.md"]))
    own.post(draft, {"publisher": "acme", "visibility": "public", "entry": chosen(text(own.get(draft)))})
    run_jobs()
    with tenancy.bound(tenancy.SYSTEM):
        assert {row.path for row in Version.objects.get().files.all()} == {"SKILL.md", "references/notes.md"}


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ([], "This field is required"),
        ([("empty.zip", b"")], "empty"),
        ([("broken.zip", b"PK\x03\x04 and then nothing")], "MP11"),
        ([("notes.txt", b"Nothing to install.\n")], "MP2"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field_and_leaves_nothing(
    ann: User, files: list[tuple[str, bytes]], says: str
) -> None:
    before = counts()
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    answer = browser(ann).post("/publish", {"files": sent} if sent else {})
    page = text(answer)
    if answer.status_code == 302:
        page = text(browser(ann).get(answer.headers["Location"]))
        assert not chosen(page)
    else:
        assert answer.status_code == 422
        assert counts() == before
    assert says in page


def test_bad_paths_are_as_none(ann: User) -> None:
    for paths in ("{", "[1, 2]", '"text"', "[" * 5000):
        assert drop(browser(ann), SimpleUploadedFile("SKILL.md", SKILL.encode()), paths=paths)


def test_somebody_elses_draft_is_not_found_and_not_confirmed(ann: User) -> None:
    draft, bob = drop(browser(ann), zipped({"SKILL.md": SKILL})), person("bob")
    publisher_of(bob, "bobs")
    entries = chosen(text(browser(ann).get(draft)))
    before = counts()
    assert browser(bob).get(draft).status_code == 404
    answer = browser(bob).post(draft, {"publisher": "bobs", "visibility": "public", "entry": entries})
    assert (answer.status_code, counts()) == (404, before)


@pytest.mark.parametrize(
    ("facts", "says"),
    [
        ({}, "Choose a name to publish under."),
        ({"publisher": "bobs"}, "Select a valid choice"),
        ({"new_publisher": "bobs"}, "MP"),
        ({"new_publisher": "No Name!"}, "MP"),
        ({"publisher": "acme", "visibility": "secret"}, "Select a valid choice"),
        ({"publisher": "acme", "entry": ["nonsense"]}, "MP"),
    ],
)
def test_confirmation_that_cannot_be_keeps_the_page_and_changes_nothing(
    ann: User, facts: dict[str, str], says: str
) -> None:
    publisher_of(person("bob"), "bobs")
    own = browser(ann)
    draft = drop(own, zipped({"SKILL.md": SKILL}))
    before = counts()
    answer = own.post(draft, {"visibility": "public", "entry": chosen(text(own.get(draft))), **facts})
    assert (answer.status_code, counts()) == (422, before)
    assert says in text(answer)


def test_first_package_makes_its_publisher(run_jobs: Callable[[], int]) -> None:
    bob = person("bob")
    own = browser(bob)
    draft = drop(own, zipped({"SKILL.md": SKILL}))
    page = text(own.get(draft))
    own.post(draft, {"new_publisher": "Bobs ", "visibility": "public", "entry": chosen(page)})
    run_jobs()
    with tenancy.bound(tenancy.SYSTEM):
        assert Package.objects.get().full_name == "@bobs/reviewer"


def test_publish_page_asks_the_same_for_many_packages(ann: User, assert_same_queries: SameQueries) -> None:
    own, made = browser(ann), count()
    with tenancy.bound(tenancy.SYSTEM):
        acme = Publisher.objects.get(name="acme")

    def grow(n: int) -> None:
        for i in islice(made, n):
            publish(acme, ann, skill(f"skill-{i}"))

    assert_same_queries(grow, lambda: own.get("/publish"), most=12)
