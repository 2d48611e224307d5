from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.core import tenancy
from registry.domain.packing import pack_zip
from registry.models import Package, Version
from tests.registry.packages import SKILL, made
from tests.registry.world import (
    Api,
    body,
    fresh,
    house,
    listing,
    person,
    publish,
    publisher_of,
    refusal,
    skill,
    tags,
)

pytestmark = pytest.mark.django_db
NAME = "@acme/reviewer"
PATH = f"packages/{NAME}"


def archive(text: str = SKILL) -> SimpleUploadedFile:
    return SimpleUploadedFile("reviewer.zip", pack_zip(made({"SKILL.md": text})))


def upload(api: Api, text: str = SKILL, key: str = "", **fields: Any) -> Any:
    headers = {"Idempotency_Key": key} if key else {}
    return api.upload({"publisher": "acme", **fields, "file": archive(text)}, **headers)


def count() -> int:
    with tenancy.bound(tenancy.SYSTEM):
        return Version.objects.count()


def test_upload_is_202_with_the_address_at_which_it_is_followed() -> None:
    ann = person("ann")
    publisher_of(ann)
    api = Api(ann, "publish")
    answer = upload(api, version="1.4.0", visibility="private")
    assert (answer.status_code, answer["Location"]) == (202, f"/api/v1/{PATH}/versions/1.4.0")
    assert body(answer)["state"] == "received"
    assert body(api.ask("GET", f"{PATH}/versions/1.4.0"))["number"] == "1.4.0"
    assert refusal(Api().ask("GET", f"{PATH}/versions/1.4.0")) == (404, "MP3002")
    assert upload(api, version="1.4.0").status_code == 200
    clash = upload(api, SKILL + "more", version="1.4.0")
    assert refusal(clash) == (409, "MP3012")
    assert fresh(Version.objects.filter(number="1.4.0").first() or _only()).digest in body(clash)["error"]


def _only() -> Version:
    with tenancy.bound(tenancy.SYSTEM):
        return Version.objects.get()


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"publisher": "nobody"}, 404, "MP3001"),
        ({"publisher": "house"}, 403, "MP3010"),
        ({"version": "one"}, 422, "MP1601"),
        ({"tag": "1.x"}, 422, "MP3016"),
        ({"visibility": "secret"}, 400, "MP9004"),
        ({"file": SimpleUploadedFile("a.zip", b"no archive")}, 422, "MP1100"),
        ({"file": SimpleUploadedFile("a.zip", pack_zip(made({"photo.jpg": b"x"})))}, 422, "MP2080"),
    ],
)
def test_upload_that_cannot_be_taken_changes_nothing(fields: dict[str, Any], status: int, code: str) -> None:
    ann = person("ann")
    publisher_of(ann)
    house(person("olga"))
    sent = {"publisher": "acme", "file": archive()} | fields
    assert refusal(Api(ann, "publish").upload(sent)) == (status, code)
    assert count() == 0


def test_upload_with_the_same_key_is_done_once() -> None:
    ann = person("ann")
    publisher_of(ann)
    api = Api(ann, "publish")
    first, again = upload(api, key="k1"), upload(api, key="k1")
    assert (first.status_code, body(first)["id"]) == (again.status_code, body(again)["id"]) == (202, body(first)["id"])
    assert upload(api, SKILL + "other", key="k1").status_code in {409, 422}
    assert count() == 1


def test_revision_is_the_etag_and_an_old_one_is_412() -> None:
    ann = person("ann")
    publish(publisher_of(ann), ann)
    api = Api(ann)
    etag = api.ask("GET", PATH)["ETag"]
    yank = {"act": "yank", "reason": "Broken"}
    assert refusal(api.ask("PATCH", f"{PATH}/versions/1.0.0", yank, If_Match='"1"')) == (412, "MP3023")
    assert refusal(api.ask("PATCH", f"{PATH}/versions/1.0.0", yank, If_Match="soon")) == (422, "MP9004")
    assert fresh(_only()).state == "published"
    done = api.ask("PATCH", f"{PATH}/versions/1.0.0", yank, If_Match=etag)
    assert (done.status_code, body(done)["state"], done["ETag"] != etag) == (200, "yanked", True)
    assert refusal(api.ask("PATCH", f"{PATH}/versions/1.0.0", yank, If_Match=etag)) == (412, "MP3023")
    assert refusal(api.ask("PATCH", f"{PATH}/versions/1.0.0", yank)) == (409, "MP3020")


CHANGES = [
    ("PATCH", "", {"visibility": "private"}),
    ("PATCH", "/versions/1.0.0", {"act": "yank"}),
    ("POST", "/maintainers", {"email": "bob@example.com"}),
    ("PUT", "/tags/beta", {"version": "1.0.0"}),
    ("DELETE", "/tags/latest", None),
]


@pytest.mark.parametrize(("method", "path", "sent"), CHANGES)
def test_only_those_who_may_change_a_package_change_it(method: str, path: str, sent: dict[str, Any] | None) -> None:
    ann, bob = person("ann"), person("bob")
    publish(publisher_of(ann), ann)
    before = listing(NAME).revision, tags(NAME), fresh(_only()).state
    assert refusal(Api().ask(method, PATH + path, sent))[0] == 401
    assert refusal(Api(bob).ask(method, PATH + path, sent))[0] == 403
    assert refusal(Api(ann, "read").ask(method, PATH + path, sent))[0] == 403
    assert (listing(NAME).revision, tags(NAME), fresh(_only()).state) == before
    with tenancy.bound(tenancy.SYSTEM):
        Package.objects.update(is_private=True, owner=ann)
        Version.objects.update(is_private=True, owner=ann)
    assert refusal(Api(bob).ask(method, PATH + path, sent)) == (404, "MP3002")


def test_visibility_maintainers_and_tags_are_changed_over_the_api() -> None:
    ann, bob = person("ann"), person("bob")
    publish(publisher_of(ann), ann)
    api = Api(ann)
    assert body(api.ask("PATCH", PATH, {"visibility": "private"}))["is_private"] is True
    added = body(api.ask("POST", f"{PATH}/maintainers", {"email": "bob@example.com"}))
    assert (added["id"], added["name"]) == (str(bob.public_id), "Bob")
    assert "example.com" not in str(body(Api(bob).ask("GET", f"{PATH}/maintainers")))
    assert refusal(api.ask("POST", f"{PATH}/maintainers", {"email": "no@example.com"})) == (422, "MP3025")
    assert api.ask("PUT", f"{PATH}/tags/beta", {"version": "1.0.0"}).status_code == 204
    assert body(api.ask("GET", f"{PATH}/tags"))["results"] == [
        {"tag": "beta", "version": "1.0.0"},
        {"tag": "latest", "version": "1.0.0"},
    ]
    assert api.ask("DELETE", f"{PATH}/tags/beta").status_code == 204
    assert api.ask("DELETE", f"{PATH}/maintainers/{bob.public_id}").status_code == 204
    assert refusal(Api(bob).ask("GET", PATH)) == (404, "MP3002")
    assert refusal(api.ask("DELETE", f"{PATH}/maintainers/{ann.public_id}")) == (409, "MP3024")


def test_versions_are_paged_by_cursor() -> None:
    ann = person("ann")
    acme = publisher_of(ann)
    for at in range(23):
        publish(acme, ann, skill(body=str(at)), number=f"1.{at}.0")
    first = body(Api().ask("GET", f"{PATH}/versions"))
    second = body(Api().ask("GET", first["next"].split("/api/v1/")[1]))
    numbers = [row["number"] for row in (*first["results"], *second["results"])]
    assert numbers == [f"1.{at}.0" for at in reversed(range(23))]
    assert second["next"] is None
    assert refusal(Api().ask("GET", f"{PATH}/versions?cursor=forged")) == (422, "MP9012")


def test_file_of_the_form_may_be_read_only_once_it_is_allowed() -> None:
    ann = person("ann")
    publisher_of(person("olga"))
    answer = Api(ann, "publish").upload({"publisher": "acme", "file": io.BytesIO(b"x" * 100)})
    assert refusal(answer) == (403, "MP3010")
