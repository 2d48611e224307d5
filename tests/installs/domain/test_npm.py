from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from installs.domain.npm import Facts, Form, Release, Tarball, form_of, has_install_script, packument
from installs.domain.npm_body import BodyRefused, deprecations, has_attachment, publication, told
from installs.domain.npm_names import path_name, tarball_name, tarball_number
from installs.domain.npm_search import query_of
from tests.installs import npm_bodies

MOMENT = datetime(2026, 11, 1, 12, 30, 0, 123456, tzinfo=UTC)
BYTES = Tarball("sha512-x", "abc", 3, 120, "sig", "SHA256:key")
NAME = "@acme/reviewer"


def release(number: str, *, deprecated: str = "", restricted: bool = False, **manifest: Any) -> Release:
    return Release(number, MOMENT, BYTES, manifest, deprecated, is_restricted=restricted)


def facts(*releases: Release) -> Facts:
    return Facts(
        publisher="acme",
        name="reviewer",
        summary="Reviews SQL",
        revision=7,
        created_at=MOMENT,
        modified_at=MOMENT,
        tags={"latest": "1.0.0"},
        releases=releases,
        mail_host="example.com",
        readme="# Reviewer",
        restriction="https://example.com/@acme/reviewer/versions It is in quarantine.",
        listing={"license": "MIT", "secret": "x"},
    )


def shown(form: Form, *releases: Release) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(packument(facts(*releases), base="https://x.test/npm", form=form))
    return document


def test_full_packument_says_everything_and_no_address_of_a_person() -> None:
    document = shown(Form.FULL, release("1.0.0", dependencies={"a": "1"}, author="Ann"))
    assert document["_id"] == document["name"] == NAME
    assert document["_rev"] == "7"
    assert document["readme"] == "# Reviewer"
    assert document["license"] == "MIT"
    assert "secret" not in document
    assert document["maintainers"] == [{"name": "acme", "email": "acme@users.noreply.example.com"}]
    assert document["time"] == dict.fromkeys(("created", "modified", "1.0.0"), "2026-11-01T12:30:00.123Z")
    version = document["versions"]["1.0.0"]
    assert version["_id"] == "@acme/reviewer@1.0.0"
    assert version["author"] == "Ann"
    assert version["dist"] == {
        "tarball": "https://x.test/npm/@acme/reviewer/-/reviewer-1.0.0.tgz",
        "integrity": "sha512-x",
        "shasum": "abc",
        "fileCount": 3,
        "unpackedSize": 120,
        "signatures": [{"keyid": "SHA256:key", "sig": "sig"}],
    }


def test_abbreviated_packument_has_what_an_installer_needs_and_the_times() -> None:
    kept: dict[str, Any] = {"dependencies": {"a": "1"}, "bin": {"x": "x.js"}, "engines": {"node": ">=20"}}
    document = shown(Form.ABBREVIATED, release("1.0.0", **kept, author="Ann", scripts={"test": "x"}))
    assert set(document) == {"name", "modified", "dist-tags", "versions", "time"}
    assert set(document["versions"]["1.0.0"]) == {"name", "version", "dist", *kept}


def test_warnings_and_install_scripts_are_told() -> None:
    document = shown(Form.ABBREVIATED, release("1.0.0", deprecated="use 2", scripts={"postinstall": "node x"}))
    assert document["versions"]["1.0.0"]["deprecated"] == "use 2"
    assert document["versions"]["1.0.0"]["hasInstallScript"] is True
    assert not has_install_script({"scripts": ["install"]})


@pytest.mark.parametrize("form", list(Form))
def test_version_in_quarantine_is_named_with_the_reason_and_not_offered(form: Form) -> None:
    document = shown(form, release("1.0.0"), release("1.1.0", restricted=True))
    assert set(document["versions"]) == {"1.0.0"}
    assert set(document["policyRestrictions"]["versions"]) == {"1.1.0"}
    assert document["policyRestrictions"]["message"].endswith("It is in quarantine.")


def test_accept_chooses_the_form() -> None:
    short = "application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8, */*"
    assert form_of(short) is Form.ABBREVIATED
    assert [form_of(accept) for accept in ("", "*/*", "application/json")] == [Form.FULL] * 3


def test_names_in_addresses() -> None:
    assert path_name("/@acme/reviewer") == NAME
    assert [path_name(path) for path in ("/acme", "/@acme", "/@acme/a/b", "/@acme/a\0", "/@a/@b")] == [None] * 5


@given(
    st.from_regex(r"[a-z0-9][a-z0-9._-]{0,20}", fullmatch=True), st.from_regex(r"\d\.\d\.\d(-rc\.1)?", fullmatch=True)
)
def test_tarball_names_are_read_back(name: str, number: str) -> None:
    assert tarball_number(name, tarball_name(name, number)) == number


def test_file_of_another_package_is_no_tarball() -> None:
    assert [tarball_number("a", file) for file in ("b-1.0.0.tgz", "a-1.0.0.zip", "a-.tgz", "a.tgz")] == [None] * 4


def test_publication_gives_number_tag_visibility_and_bytes() -> None:
    data = npm_bodies.tarball(NAME, "1.0.0")
    body = npm_bodies.publication(NAME, "1.0.0", data, tag="beta", access="restricted")
    sent = publication(body, full_name=NAME, limit=10_000)
    assert (sent.number, sent.tag, sent.is_private, sent.tarball) == ("1.0.0", "beta", True, data)
    assert sent.manifest == {"description": "Reviews SQL", "license": "MIT", "readme": "# Reviewer\n"}


@pytest.mark.parametrize(("access", "is_private"), [(None, None), ("public", False), ("restricted", True)])
def test_visibility_is_left_to_the_registry_when_it_is_not_said(access: str | None, is_private: bool | None) -> None:  # noqa: FBT001
    body = npm_bodies.publication(NAME, "1.0.0", access=access)
    assert publication(body, full_name=NAME, limit=10_000).is_private is is_private


def refused(body: dict[str, Any], *, limit: int = 10_000) -> str:
    with pytest.raises(BodyRefused) as refusal:
        publication(body, full_name=NAME, limit=limit)
    return refusal.value.code


def test_bytes_that_are_not_those_of_the_digests_are_refused() -> None:
    for key, value in {"integrity": "sha512-AAAA", "shasum": "00"}.items():
        body = npm_bodies.publication(NAME, "1.0.0")
        body["versions"]["1.0.0"]["dist"][key] = value
        assert refused(body) == "MP3036"
    body = npm_bodies.publication(NAME, "1.0.0")
    body["versions"]["1.0.0"]["dist"] = {}
    assert refused(body) == "MP3036"
    body = npm_bodies.publication(NAME, "1.0.0")
    body["_attachments"][f"{NAME}-1.0.0.tgz"]["length"] = 1
    assert refused(body) == "MP3036"


def test_body_that_says_two_things_is_refused() -> None:
    assert refused(npm_bodies.publication("@acme/other", "1.0.0")) == "MP3035"
    body = npm_bodies.publication(NAME, "1.0.0")
    body["versions"]["1.0.0"]["version"] = "2.0.0"
    assert refused(body) == "MP3035"
    body = npm_bodies.publication(NAME, "1.0.0")
    body["_attachments"] = {f"{NAME}-2.0.0.tgz": body["_attachments"][f"{NAME}-1.0.0.tgz"]}
    assert refused(body) == "MP3035"


def test_body_of_another_shape_is_refused() -> None:
    several: tuple[Any, ...] = (None, [], {}, {"1.0.0": 1}, {"1.0.0": {}, "1.0.1": {}})
    for versions in several:
        assert refused(npm_bodies.publication(NAME, "1.0.0") | {"versions": versions}) == "MP9010"
    for attachments in ({}, {"x": {"data": "AA=="}}, {f"{NAME}-1.0.0.tgz": {"data": 5}}):
        assert refused(npm_bodies.publication(NAME, "1.0.0") | {"_attachments": attachments}) == "MP9010"
    body = npm_bodies.publication(NAME, "1.0.0")
    body["_attachments"][f"{NAME}-1.0.0.tgz"]["data"] = "no base64!"
    assert refused(body) == "MP9010"


def test_tarball_over_the_limit_is_refused_before_it_is_decoded() -> None:
    assert refused(npm_bodies.publication(NAME, "1.0.0"), limit=20) == "MP9005"


def test_text_that_no_database_keeps_is_replaced() -> None:
    manifest = {
        "name": NAME,
        "a\0b": ["x\ud800", {"deep": float("nan")}],
        "_id": "x",
        "dist": {},
        "readme": "r" * 70_000,
    }
    kept = told(manifest)
    assert kept == {"a\ufffdb": ["x?", {"deep": None}], "readme": "r" * 65_536}


def test_packument_that_comes_back_tells_its_warnings() -> None:
    body = {"versions": {"1.0.0": {"deprecated": "old"}, "1.1.0": {}, "1.2.0": {"deprecated": False}, "x": 1}}
    assert deprecations(body) == {"1.0.0": "old", "1.1.0": "", "1.2.0": ""}
    with pytest.raises(BodyRefused, match="MP9010"):
        deprecations({"versions": []})


def test_only_a_publication_carries_bytes() -> None:
    assert has_attachment(npm_bodies.publication(NAME, "1.0.0"))
    several: tuple[Any, ...] = (None, {}, [], {"a.tgz": {"stub": True}}, {"a.tgz": None})
    for attachments in several:
        assert not has_attachment({"_attachments": attachments})


def test_search_qualifiers_and_bounds() -> None:
    query = query_of("sql scope:@acme keywords:a,b is:unstable review", size="9999", offset="40")
    assert (query.words, query.publisher, query.keywords) == (("sql", "review"), "acme", ("a", "b"))
    assert (query.size, query.offset) == (250, 40)
    assert query_of("", size="-1", offset="x").size == 20
