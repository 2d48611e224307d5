from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.test import override_settings

from marketplace.core import tenancy
from registry.models import Artifact, Package, Publisher, Version
from tests.installs import npm_bodies
from tests.installs.npm_registry import NAME, URL, Npm, error, package, person, version

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann(run_jobs: Callable[[], int]) -> Npm:
    return Npm(run_jobs, person())


def test_first_publication_makes_publisher_package_and_version(ann: Npm) -> None:
    response = ann.publish("1.0.0")
    assert response.status_code == 201
    assert response["npm-notice"] == f"Checking {NAME}@1.0.0: http://localhost:8000/{NAME}/versions"
    assert package().publisher.name == "acme"
    assert version("1.0.0").state == "published"
    assert ann.read()["dist-tags"] == {"latest": "1.0.0"}


def test_tarball_stays_byte_for_byte(ann: Npm) -> None:
    data = npm_bodies.tarball(NAME, "1.0.0")
    ann.publish("1.0.0", data=data)
    response = ann.get(f"{URL}/-/reviewer-1.0.0.tgz")
    assert b"".join(response) == data


def test_version_that_is_there_is_409_even_with_the_same_bytes(ann: Npm) -> None:
    ann.publish("1.0.0")
    assert error(ann.publish("1.0.0")) == (409, "MP3012")
    assert error(ann.publish("1.0.0", files={"more.md": "x"})) == (409, "MP3012")


def test_version_that_waits_for_its_checks_holds_its_number(ann: Npm) -> None:
    ann.ask("PUT", URL, npm_bodies.publication(NAME, "1.0.0"))
    assert version("1.0.0").state == "received"
    assert ann.get(URL).status_code == 404
    assert error(ann.ask("PUT", URL, npm_bodies.publication(NAME, "1.0.0"))) == (409, "MP3012")


def test_restricted_access_makes_a_private_package(ann: Npm, run_jobs: Callable[[], int]) -> None:
    ann.publish("1.0.0", access="restricted")
    assert package().is_private
    assert Npm(run_jobs).get(URL).status_code == 404
    assert Npm(run_jobs, person("bob@example.com"), scope="read").get(URL).status_code == 404
    response = ann.get(URL)
    assert (response.status_code, response["Cache-Control"]) == (200, "private, no-cache")


def test_tag_of_the_publication_is_kept(ann: Npm) -> None:
    ann.publish("1.0.0")
    ann.publish("2.0.0-rc.1", tag="next")
    assert ann.read()["dist-tags"] == {"latest": "1.0.0", "next": "2.0.0-rc.1"}


def test_nobody_publishes_without_a_token_and_the_sentence_shows(run_jobs: Callable[[], int]) -> None:
    response = Npm(run_jobs).publish("1.0.0")
    assert error(response) == (401, "MP9002")
    assert "WWW-Authenticate" not in response
    bad = Npm(run_jobs)
    bad.headers = {"Authorization": "Bearer amp_nothing"}
    response = bad.publish("1.0.0")
    assert response.status_code == 401
    assert "WWW-Authenticate" not in response


def test_session_cookie_is_not_enough(run_jobs: Callable[[], int]) -> None:
    npm = Npm(run_jobs)
    npm.client.force_login(person())
    assert npm.publish("1.0.0").status_code == 401


def test_who_may_not_publish_gets_403_and_nothing_is_written(ann: Npm, run_jobs: Callable[[], int]) -> None:
    ann.publish("1.0.0")
    bob = person("bob@example.com")
    assert error(Npm(run_jobs, bob).publish("1.1.0")) == (403, "MP3010")
    assert error(Npm(run_jobs, bob, scope="read").publish("1.1.0")) == (403, "MP3015")
    assert error(Npm(run_jobs, bob, packages=["@acme/other"]).publish("1.1.0")) == (403, "MP3014")
    with tenancy.bound(tenancy.SYSTEM):
        assert Version.objects.count() == 1


def test_second_scope_is_not_taken_by_a_typing_error(ann: Npm) -> None:
    ann.publish("1.0.0")
    assert error(ann.publish("1.0.0", name="@acmee/reviewer")) == (403, "MP3010")


def test_names_that_nobody_may_have_are_refused_and_claim_nothing(ann: Npm) -> None:
    assert error(ann.publish("1.0.0", name="@admin/reviewer")) == (422, "MP1502")
    assert error(ann.publish("1.0.0", name="@acme/node_modules")) == (422, "MP1502")
    with tenancy.bound(tenancy.SYSTEM):
        assert (Publisher.objects.count(), Package.objects.count()) == (0, 0)


def test_name_without_a_scope_is_refused_with_the_way_out(ann: Npm) -> None:
    response = ann.ask("PUT", "/npm/reviewer", npm_bodies.publication("reviewer", "1.0.0"))
    assert error(response) == (403, "MP5021")
    assert "@your-name/reviewer" in json.loads(response.getvalue())["error"]


def test_bytes_of_another_package_are_refused(ann: Npm) -> None:
    other = npm_bodies.tarball("@acme/other", "1.0.0")
    assert error(ann.publish("1.0.0", data=other)) == (422, "MP3035")
    later = npm_bodies.tarball(NAME, "1.0.1")
    assert error(ann.publish("1.0.0", data=later)) == (422, "MP3035")


def test_bytes_that_are_no_agent_package_are_refused_with_the_finding(ann: Npm) -> None:
    assert error(ann.publish("1.0.0", data=b"no archive"))[0] == 422
    body = npm_bodies.publication(NAME, "1.0.0")
    body["versions"]["1.0.0"]["dist"]["shasum"] = "0" * 40
    assert error(ann.ask("PUT", URL, body)) == (422, "MP3036")


def test_range_is_no_tag(ann: Npm) -> None:
    assert error(ann.publish("1.0.0", tag="1.x")) == (422, "MP3016")


def test_body_that_is_no_json_is_400(ann: Npm) -> None:
    for data in ("", "{", "[]", '"x"'):
        response = ann.client.generic("PUT", URL, data, content_type="application/json", headers=ann.headers)
        assert error(response) == (400, "MP9010")


@override_settings(UPLOAD_MAX_BYTES=1000)
def test_body_over_the_limit_is_413_and_stores_nothing(ann: Npm) -> None:
    files = {"big.md": "".join(f"line {number}\n" for number in range(2000))}
    assert error(ann.publish("1.0.0", files=files)) == (413, "MP9005")
    response = ann.client.generic("PUT", URL, " " * 1_060_000, content_type="application/json", headers=ann.headers)
    assert error(response) == (413, "MP9005")
    with tenancy.bound(tenancy.SYSTEM):
        assert Artifact.objects.count() == 0


def test_loose_skill_in_a_folder_is_published_with_the_whole_tarball(ann: Npm) -> None:
    data = npm_bodies.tarball(NAME, "1.0.0", skill="skills/reviewer/SKILL.md", files={"docs/a.md": "x"})
    assert ann.publish("1.0.0", data=data).status_code == 201
    assert version("1.0.0").state == "published"
