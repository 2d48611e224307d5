"""The marketplace documents of Claude Code and the bytes behind them, as anybody asks for them."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client

from installs.models import CatalogueEntry, Download
from installs.services import catalogue
from installs.services.libraries import address_of, library_add, library_of
from marketplace.core import tenancy
from marketplace.domain.viewer import SYSTEM
from marketplace.services.viewers import viewer_of_user
from registry.domain.states import State
from registry.models import Package, Version
from registry.services.artifacts import artifact_chunks
from registry.services.lifecycle import version_move
from tests.installs.npm_registry import NAME, Npm, package, person, secret_of, version

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

    from marketplace.models import User
    from tests.query_counts import SameQueries

pytestmark = pytest.mark.django_db
PUBLISHER = "/claude/acme/marketplace.json"
CATALOGUE = "/claude/marketplace.json"


@pytest.fixture
def ann() -> User:
    return person()


@pytest.fixture
def npm(run_jobs: Callable[[], int], ann: User) -> Npm:
    registry = Npm(run_jobs, ann)
    registry.publish("1.0.0")
    return registry


def read(path: str, **headers: str) -> dict[str, Any]:
    response = ask(path, **headers)
    assert response.status_code == 200, response.getvalue()
    found: dict[str, Any] = json.loads(response.getvalue())
    return found


def ask(path: str, method: str = "get", **headers: str) -> HttpResponseBase:
    answer: HttpResponseBase = getattr(Client(), method)(path, headers=headers)
    return answer


def refused(path: str, **headers: str) -> tuple[int, str]:
    response = ask(path, **headers)
    body = json.loads(response.getvalue())
    assert set(body) == {"error", "code", "detail"}
    assert response["Cache-Control"] == "private, no-store"
    return response.status_code, body["code"]


def path_of(name: str = NAME, number: str = "1.0.0") -> str:
    with tenancy.bound(tenancy.SYSTEM):
        row = version(number, name).artifacts.select_related("artifact").get(role="plugin")
    return f"/artifacts/{name}/{number}/{row.artifact.sha256}/{row.name}"


def move(after: State) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        version_move(version=version("1.0.0"), after=after, by=SYSTEM)


def library_key(user: User, *names: str) -> str:
    with tenancy.bound(tenancy.SYSTEM):
        viewer = viewer_of_user(user)
        for name in names:
            found = Package.objects.get(full_name=name)
            library_add(library=library_of(by=viewer), package=found, by=viewer)
        return address_of(by=viewer)


@pytest.mark.usefixtures("npm")
def test_publisher_document_names_the_archive_and_its_digest() -> None:
    told = read(PUBLISHER)
    (entry,) = told["plugins"]
    assert (told["name"], told["forceRemoveDeletedPlugins"]) == ("acme", True)
    assert (entry["name"], entry["version"], entry["source"]["source"]) == ("acme.reviewer", "1.0.0", "archive")
    assert entry["source"]["url"] == f"http://localhost:8000{path_of()}"
    body = b"".join(ask(path_of()))
    assert hashlib.sha256(body).hexdigest() == entry["source"]["sha256"]


@pytest.mark.usefixtures("npm")
def test_same_document_is_304() -> None:
    first = ask(PUBLISHER)
    assert first["Cache-Control"] == "public, max-age=30"
    assert ask(PUBLISHER, **{"If-None-Match": first["ETag"]}).status_code == 304


@pytest.mark.usefixtures("npm")
def test_catalogue_follows_a_publication(run_jobs: Callable[[], int]) -> None:
    run_jobs()
    assert [entry["name"] for entry in read(CATALOGUE)["plugins"]] == ["acme.reviewer"]


@pytest.mark.usefixtures("npm")
@pytest.mark.parametrize("after", [State.QUARANTINED, State.REMOVED, State.YANKED])
def test_what_is_taken_away_leaves_every_document(run_jobs: Callable[[], int], after: State) -> None:
    run_jobs()
    move(after)
    run_jobs()
    assert refused(PUBLISHER) == (404, "MP3001")
    assert read(CATALOGUE)["plugins"] == []
    assert not CatalogueEntry.objects.exists()


@pytest.mark.usefixtures("npm")
def test_bytes_are_kept_by_shared_caches_and_counted_once_a_day() -> None:
    response = ask(path_of())
    assert response["Cache-Control"] == "public, max-age=300, s-maxage=31536000"
    assert (response["Content-Security-Policy"], response["X-Content-Type-Options"]) == ("sandbox", "nosniff")
    assert response["Content-Disposition"] == 'attachment; filename="reviewer-1.0.0.zip"'
    ask(path_of())
    ask(path_of(), "head")
    ask(path_of(), **{"If-None-Match": response["ETag"]})
    rows = list(Download.objects.order_by("pk").values_list("channel", "is_first"))
    assert rows == [("claude", True), ("claude", False)]


@pytest.mark.usefixtures("npm")
def test_rest_of_the_bytes_is_206() -> None:
    whole = b"".join(ask(path_of()))
    rest = ask(path_of(), Range="bytes=10-")
    assert (rest.status_code, b"".join(rest)) == (206, whole[10:])
    assert rest["Content-Range"] == f"bytes 10-{len(whole) - 1}/{len(whole)}"


@pytest.mark.usefixtures("npm")
def test_quarantined_bytes_are_refused_with_the_sentence() -> None:
    move(State.QUARANTINED)
    assert refused(path_of()) == (403, "MP5001")
    assert not Download.objects.exists()


@pytest.mark.usefixtures("npm")
def test_address_must_name_the_very_file() -> None:
    good = path_of()
    for path in (good.replace("reviewer-1.0.0.zip", "other.zip"), good.replace("/1.0.0/", "/1.0.1/")):
        assert refused(path) == (404, "MP3003")
    assert refused(f"/artifacts/{NAME}/1.0.0/{'0' * 64}/reviewer-1.0.0.zip") == (404, "MP3003")
    assert Client().post(good).status_code == 405


def test_private_bytes_are_for_the_entitled(run_jobs: Callable[[], int], ann: User) -> None:
    Npm(run_jobs, ann).publish("1.0.0", access="restricted")
    path, bob = path_of(), person("bob@example.com")
    assert package().is_private
    assert refused(path) == (404, "MP3003")
    assert refused(path, Authorization=f"Bearer {secret_of(bob, 'read', None)}") == (404, "MP3003")
    assert refused(path, Authorization=f"Bearer {secret_of(ann, 'read', ['@acme/other'])}") == (403, "MP5002")
    assert refused(path, Authorization="Bearer amp_nonsense") == (403, "MP4010")
    assert not Download.objects.exists()
    response = ask(path, Authorization=f"Bearer {secret_of(ann, 'read', None)}")
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-store")
    assert refused(PUBLISHER) == (404, "MP3001")


def test_personal_document_brings_the_key_for_private_entries(run_jobs: Callable[[], int], ann: User) -> None:
    Npm(run_jobs, ann).publish("1.0.0", access="restricted")
    Npm(run_jobs, ann).publish("1.0.0", name="@acme/open")
    key = library_key(ann, NAME, "@acme/open")
    response = ask(f"/claude/i/{key}/marketplace.json")
    assert (response["Cache-Control"], response["Referrer-Policy"]) == ("private, no-store", "no-referrer")
    private, public = json.loads(response.getvalue())["plugins"]
    assert (private["name"], private["headers"]) == ("reviewer", {"Authorization": f"Bearer {key}"})
    assert (public["name"], "headers" in public) == ("open", False)
    assert ask(path_of(), **private["headers"]).status_code == 200
    assert refused("/claude/i/" + "x" * 32 + "/marketplace.json") == (404, "MP5003")


def test_key_opens_nothing_that_its_address_does_not_offer(run_jobs: Callable[[], int], ann: User) -> None:
    Npm(run_jobs, ann).publish("1.0.0", access="restricted")
    key = library_key(ann)
    assert refused(path_of(), Authorization=f"Bearer {key}") == (403, "MP5002")
    assert read(f"/claude/i/{key}/marketplace.json")["plugins"] == []


@pytest.mark.usefixtures("npm")
def test_store_with_addresses_of_its_own_is_answered_with_302(monkeypatch: pytest.MonkeyPatch) -> None:
    signed = "https://storage.example.com/abcd?X-Goog-Signature=1"
    monkeypatch.setattr("installs.channels.parcels.artifact_address", lambda *_, **__: signed)
    response = ask(path_of())
    assert (response.status_code, response["Location"]) == (302, signed)
    assert response["Cache-Control"] == "private, no-store"
    assert Download.objects.count() == 1


def test_publisher_document_asks_as_often_for_many_packages(npm: Npm, assert_same_queries: SameQueries) -> None:
    def grow(count: int) -> None:
        with tenancy.bound(tenancy.SYSTEM):
            before = Package.objects.count()
        for number in range(before, before + count):
            npm.publish("1.0.0", name=f"@acme/more{number:04d}")

    assert_same_queries(grow, lambda: read(PUBLISHER))


def test_catalogue_is_bounded_and_what_is_in_it_stays(npm: Npm, monkeypatch: pytest.MonkeyPatch) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        size = CatalogueEntry.objects.get().size
    monkeypatch.setattr("installs.domain.catalogue.ADMITTED_MOST", 2000 + size * 2 + size // 2)
    for number in range(3):
        npm.publish("1.0.0", name=f"@acme/more{number:04d}")
    names = ["acme.reviewer", "acme.more0000"]
    assert [entry["name"] for entry in read(CATALOGUE)["plugins"]] == names
    with tenancy.bound(tenancy.SYSTEM):
        catalogue.entries_rebuild()
    assert [entry["name"] for entry in read(CATALOGUE)["plugins"]] == names
    move(State.REMOVED)
    npm.run_jobs()
    assert [entry["name"] for entry in read(CATALOGUE)["plugins"]] == ["acme.more0000", "acme.more0001"]


@pytest.mark.usefixtures("npm")
def test_stored_zip_is_the_whole_plugin() -> None:
    with tenancy.bound(tenancy.SYSTEM):
        row = Version.objects.get().artifacts.select_related("artifact").get(role="plugin")
    assert b"".join(artifact_chunks(row.artifact)) == b"".join(ask(path_of()))
