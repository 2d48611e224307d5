from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.models import IdempotencyKey, Organization, User
from marketplace.services.purging import expired_purge
from marketplace.services.tokens import token_create
from registry.domain.content import Content, File
from registry.domain.packing import pack_zip
from registry.models import Version
from registry.services.publishers import publisher_create
from tests.marketplace.people import browser, person, viewer

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db
SKILL = "---\nname: tool\ndescription: Tells the time of a place.\n---\n\n# Tool\n\n%s\n"


def headers(user: User, key: str, scope: str = "manage") -> dict[str, str]:
    _, secret = token_create(user=user, name="t", scopes=[scope])
    return {"Authorization": f"Bearer {secret}", **({"Idempotency-Key": key} if key else {})}


def organization_post(client: Client, sent: dict[str, str], name: str = "acme") -> Any:
    return client.post("/api/v1/organizations", {"name": name}, content_type="application/json", headers=sent)


def archive(text: str) -> SimpleUploadedFile:
    content = Content({"SKILL.md": File((SKILL % text).encode())})
    return SimpleUploadedFile("tool.zip", pack_zip(content), "application/zip")


def test_the_same_request_gets_the_first_answer_again() -> None:
    ann = person("ann")
    sent = headers(ann, "k1")
    first, again = organization_post(browser(), sent), organization_post(browser(), sent)
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    assert again["Location"] == first["Location"] == "/api/v1/organizations/acme"
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert Organization.objects.count() == 1


def test_another_request_with_the_key_is_refused() -> None:
    sent = headers(person("ann"), "k1")
    organization_post(browser(), sent)
    answer = organization_post(browser(), sent, "other")
    assert (answer.status_code, answer.json()["code"]) == (422, "MP9008")
    assert Organization.objects.count() == 1


def test_a_request_that_still_runs_is_a_conflict_until_it_must_have_died() -> None:
    ann = person("ann")
    sent = headers(ann, "k1")
    organization_post(browser(), sent)
    IdempotencyKey.objects.update(status=None, body=None)
    Organization.objects.all().delete()
    answer = organization_post(browser(), sent, "acme")
    assert (answer.status_code, answer.json()["code"]) == (409, "MP9011")
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(minutes=11))
    assert organization_post(browser(), sent).json()["code"] == "MP4101"
    assert not IdempotencyKey.objects.exists()


def test_a_refusal_is_not_remembered() -> None:
    sent = headers(person("ann"), "k1")
    assert organization_post(browser(), sent, "claude").status_code == 422
    assert organization_post(browser(), sent).status_code == 201


def test_keys_of_different_people_do_not_meet() -> None:
    ann, bob = headers(person("ann"), "k1"), headers(person("bob"), "k1")
    assert organization_post(browser(), ann, "one").status_code == 201
    assert organization_post(browser(), bob, "two").status_code == 201


@pytest.mark.parametrize("key", ["x" * 201, "a\tb"])
def test_a_key_of_no_use_is_refused(key: str) -> None:
    answer = organization_post(browser(), headers(person("ann"), key))
    assert (answer.status_code, answer.json()["code"]) == (422, "MP9004")
    assert not Organization.objects.exists()


def test_without_a_key_nothing_is_remembered() -> None:
    organization_post(browser(), headers(person("ann"), ""))
    assert not IdempotencyKey.objects.exists()


def test_keys_are_forgotten_after_a_day() -> None:
    organization_post(browser(), headers(person("ann"), "k1"))
    assert expired_purge()["keys"] == 0
    IdempotencyKey.objects.update(created_at=timezone.now() - timedelta(hours=25))
    assert expired_purge()["keys"] == 1


def test_a_publication_repeated_after_a_lost_answer_publishes_once() -> None:
    ann = person("ann")
    with tenancy.bound(tenancy.SYSTEM):
        publisher_create(name="acme", by=viewer(ann))
    sent = headers(ann, "k1", "publish")

    def publish(text: str) -> Any:
        return browser().post(
            "/api/v1/packages", {"publisher": "acme", "version": "1.0.0", "file": archive(text)}, headers=sent
        )

    first, again = publish("one"), publish("one")
    assert (first.status_code, again.status_code) == (202, 202)
    assert again.json() == first.json()
    assert again["Location"] == "/api/v1/packages/@acme/tool/versions/1.0.0"
    other = publish("two")
    assert (other.status_code, other.json()["code"]) == (422, "MP9008")
    with tenancy.bound(tenancy.SYSTEM):
        assert Version.objects.count() == 1


def test_an_import_started_twice_with_one_key_is_one() -> None:
    from registry.models import Import  # noqa: PLC0415  (only this test)

    ann = person("ann")
    publisher_create(name="acme", by=viewer(ann))
    sent = headers(ann, "k1", "publish")
    body = {"url": "https://example.com/agents.git", "publisher": "acme"}
    answers = [browser().post("/api/v1/imports", body, content_type="application/json", headers=sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].json() == answers[1].json()
    with tenancy.bound(tenancy.SYSTEM):
        assert Import.objects.count() == 1
