"""Answers given before Django: the same as Django's, only while nothing changed, each delivery written down."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.test.client import ClientHandler, RequestFactory

from installs.channels import parcels
from installs.channels.documents import front as fronts
from installs.channels.documents.front import Front
from installs.models import Download
from installs.services import changes
from installs.services.spool import Spool
from marketplace.core import tenancy
from marketplace.domain.viewer import SYSTEM
from registry.domain.states import State
from registry.services.lifecycle import version_move
from tests.installs.npm_registry import SHORT, URL, Npm, person, version

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from pytest_django import DjangoAssertNumQueries, DjangoCaptureOnCommitCallbacks

pytestmark = pytest.mark.django_db
TARBALL = f"{URL}/-/reviewer-1.0.0.tgz"
OTHER = "/npm/@acme/other/-/other-1.0.0.tgz"


class World:
    """A front, how often the site behind it was asked for what, and where deliveries wait."""

    def __init__(self, folder: Path) -> None:
        self.asked: Counter[str] = Counter()
        self.site = ClientHandler()
        self.front = Front(self._site)
        self.spool = Spool(folder)
        self.meanwhile: Callable[[], object] = int

    def _site(self, environ: dict[str, Any], begin: Callable[..., Any]) -> Iterable[bytes]:
        self.asked[environ["PATH_INFO"]] += 1
        response = self.site(environ)
        assert isinstance(response.wsgi_request, WSGIRequest)
        self.meanwhile()
        begin(f"{response.status_code} {response.reason_phrase}", list(response.items()))
        return list(response)

    def get(self, path: str = URL, *, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        environ = RequestFactory().generic(method, path, headers=named).environ
        told: list[Any] = []
        body = b"".join(self.front(environ, lambda *begun: told.extend(begun)))
        return int(told[0].split()[0]), dict(told[1]), body


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(tmp_path / "deliveries")
    monkeypatch.setattr(fronts, "spool", made.spool)
    monkeypatch.setattr(changes, "LOOK_SECONDS", 0)
    return made


@pytest.fixture
def ann(run_jobs: Callable[[], int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> Npm:
    npm = Npm(run_jobs, person())
    with django_capture_on_commit_callbacks(execute=True):
        npm.publish("1.0.0")
        npm.publish("1.0.0", name="@acme/other")
    return npm


def warm(world: World, *paths: str) -> None:
    """Ask often enough that the answers are kept."""
    for path in paths:
        for _ in range(2):
            assert world.get(path)[0] == 200
    world.asked.clear()


def rows() -> list[bool]:
    with tenancy.bound(tenancy.SYSTEM):
        return list(Download.objects.order_by("at", "is_first").values_list("is_first", flat=True))


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize("headers", [{}, {"accept": SHORT}, {"accept_encoding": "gzip"}])
@pytest.mark.parametrize("path", [URL, TARBALL])
def test_the_second_answer_is_the_first_without_a_query(
    world: World, path: str, headers: dict[str, str], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    world.get(path, **headers)
    status, said, body = world.get(path, **headers)
    world.asked.clear()
    with django_assert_num_queries(0):
        again = world.get(path, **headers)
    assert not world.asked
    assert again == (status, {name: value for name, value in said.items() if name != "X-Request-ID"}, body)


@pytest.mark.usefixtures("ann")
def test_who_has_it_is_told_so_and_who_has_another_gets_it(world: World) -> None:
    warm(world, URL, TARBALL)
    for path in (URL, TARBALL):
        etag = world.get(path)[1]["ETag"]
        for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
            status, said, body = world.get(path, if_none_match=known)
            assert (status, said["ETag"], body) == (304, etag, b"")
            assert "Content-Length" not in said
        assert world.get(path, if_none_match='"other"')[0] == 200
    assert not world.asked


def test_publication_shows_at_once(
    world: World, ann: Npm, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    warm(world, URL)
    with django_capture_on_commit_callbacks(execute=True):
        ann.publish("1.1.0")
    assert b'"1.1.0"' in world.get(URL)[2]


@pytest.mark.usefixtures("ann")
def test_quarantine_takes_bytes_back_and_leaves_those_of_others(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    warm(world, TARBALL, OTHER)
    with django_capture_on_commit_callbacks(execute=True), tenancy.bound(tenancy.SYSTEM):
        version_move(version=version("1.0.0"), after=State.QUARANTINED, by=SYSTEM)
    assert world.get(TARBALL)[0] == 403
    assert world.get(OTHER)[0] == 200
    assert world.asked == {TARBALL: 1}


@pytest.mark.usefixtures("ann")
def test_what_changed_while_it_was_answered_is_not_kept(
    world: World, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    def change() -> None:
        with django_capture_on_commit_callbacks(execute=True):
            changes.package_changed("@acme/reviewer")

    world.meanwhile = change
    for _ in range(3):
        world.get(TARBALL)
    assert world.asked == {TARBALL: 3}


@pytest.mark.usefixtures("ann")
@pytest.mark.parametrize(
    "headers",
    [
        {"authorization": "Bearer x"},
        {"cookie": "sessionid=x"},
        {"range": "bytes=1-"},
        {"host": "elsewhere.example"},
        {"accept": "x" * 2000},
        {"if_modified_since": "Tue, 01 Dec 2099 00:00:00 GMT"},
        {"x_skills_update_check": "1"},
    ],
    ids=lambda headers: next(iter(headers)),
)
def test_whatever_is_personal_or_unusual_is_asked_of_the_site(world: World, headers: dict[str, str]) -> None:
    warm(world, TARBALL)
    for _ in range(3):
        world.get(TARBALL, **headers)
    world.get(f"{TARBALL}?x=1")
    world.get(TARBALL, method="HEAD")
    assert world.asked == {TARBALL: 5}


def test_private_bytes_are_never_kept(
    world: World, ann: Npm, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        ann.publish("1.0.0", name="@acme/secret", access="restricted")
    path = "/npm/@acme/secret/-/secret-1.0.0.tgz"
    for _ in range(3):
        assert world.get(path, **ann.headers)[0] == 200
        assert world.get(path)[0] == 404


@pytest.mark.usefixtures("ann")
def test_bytes_that_their_digest_does_not_name_are_not_kept(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as bad_disk:
        bad_disk.setattr(parcels, "artifact_chunks", lambda *_, **__: iter([b"others"]))
        assert {world.get(TARBALL)[2] for _ in range(3)} == {b"others"}
        assert world.asked[TARBALL] == 3
    assert world.get(TARBALL)[2] != b"others"


@pytest.mark.usefixtures("ann")
def test_each_delivery_from_memory_is_written_down(world: World) -> None:
    warm(world, TARBALL)
    before = len(rows())
    for client in ("npm/10", "npm/10", "curl/8.5"):
        assert world.get(TARBALL, user_agent=client)[0] == 200
    world.get(TARBALL, if_none_match="*")
    waiting = world.spool.flush()
    assert waiting + before == len(rows()) == 5
    assert sum(rows()) == 1
    assert world.spool.flush() == 0


@pytest.mark.usefixtures("ann")
def test_a_full_disk_asks_the_site_for_the_row(world: World) -> None:
    warm(world, TARBALL)
    world.spool.flush()
    before = len(rows())
    world.spool._folder.rmdir()
    world.spool._folder.touch()
    assert world.get(TARBALL)[0] == 200
    assert (world.asked, len(rows())) == ({TARBALL: 1}, before + 1)


@pytest.mark.usefixtures("ann")
def test_without_the_cache_everything_is_asked_of_the_site(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    warm(world, URL, TARBALL)

    def fail(*_sent: object) -> None:
        raise ConnectionError

    for name in ("get", "get_many"):
        monkeypatch.setattr(f"installs.services.changes.cache.{name}", fail, raising=False)
    for path in (URL, TARBALL):
        assert world.get(path)[0] == 200
    assert world.asked == {URL: 1, TARBALL: 1}
