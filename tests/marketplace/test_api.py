from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from marketplace.core import tenancy
from marketplace.models import Membership, Organization, Token, User
from marketplace.services.tokens import token_authenticate, token_create
from registry.models import Version
from registry.services.publishers import publisher_create
from tests.marketplace.people import browser, organization, person, viewer
from tests.marketplace.test_idempotency import archive

if TYPE_CHECKING:
    from tests.query_counts import SameQueries

pytestmark = pytest.mark.django_db
ACME = "/api/v1/organizations/acme"


class Api:
    """A program with a token of `user`, or a page with its session."""

    def __init__(self, user: User | None, scope: str = "") -> None:
        self.client = browser(None if scope else user)
        self.headers = {}
        if scope and user:
            self.token, self.secret = token_create(user=user, name=scope, scopes=[scope])
            self.headers = {"Authorization": f"Bearer {self.secret}"}

    def ask(self, method: str, path: str, body: Any = None) -> tuple[int, Any]:
        data = "" if body is None else json.dumps(body)
        answer = self.client.generic(method, path, data, content_type="application/json", headers=self.headers)
        return answer.status_code, json.loads(answer.content) if answer.content else None


def test_me_says_who_calls_and_with_what() -> None:
    ann = person("ann")
    organization(ann)
    status, me = Api(ann).ask("GET", "/api/v1/me")
    assert (status, me["email"], me["token"]) == (200, "ann@example.com", None)
    assert [(one["name"], one["role"]) for one in me["organizations"]] == [("acme", "owner")]
    program = Api(ann, "read")
    _, me = program.ask("GET", "/api/v1/me")
    assert (me["token"]["id"], me["token"]["scopes"]) == (str(program.token.public_id), ["read"])
    assert Api(None).ask("GET", "/api/v1/me")[0] == 401


def test_only_a_session_changes_the_account() -> None:
    ann = person("ann")
    assert Api(ann).ask("PATCH", "/api/v1/me", {"display_name": "Ann Lee"})[1]["display_name"] == "Ann Lee"
    status, refusal = Api(ann, "manage").ask("PATCH", "/api/v1/me", {"display_name": "Eve"})
    assert (status, refusal["code"]) == (403, "MP4004")
    assert Api(ann).ask("PATCH", "/api/v1/me", {"time_zone": "Mars"})[1]["code"] == "MP4301"
    ann.refresh_from_db()
    assert (ann.display_name, ann.time_zone) == ("Ann Lee", "UTC")


def test_a_token_is_made_by_a_session_only_and_its_secret_shown_once() -> None:
    ann = person("ann")
    body = {"name": "CI", "scopes": ["publish"], "packages": ["@acme/tool"], "days": 7}
    status, made = Api(ann).ask("POST", "/api/v1/tokens", body)
    assert status == 201
    assert token_authenticate(made["secret"]).user_id == ann.pk
    _, listed = Api(ann).ask("GET", "/api/v1/tokens")
    assert [(row["name"], "secret" in row) for row in listed["results"]] == [("CI", False)]
    status, refusal = Api(ann, "manage").ask("POST", "/api/v1/tokens", body)
    assert (status, refusal["code"]) == (403, "MP4004")
    assert Token.objects.filter(name="CI").count() == 1


@pytest.mark.parametrize(
    "change", [{"scopes": []}, {"scopes": ["root"]}, {"days": 0}, {"packages": ["x"]}, {"name": ""}, {"days": "x"}]
)
def test_a_token_that_cannot_be_is_refused_with_a_code(change: dict[str, Any]) -> None:
    ann = person("ann")
    status, refusal = Api(ann).ask("POST", "/api/v1/tokens", {"name": "CI", "scopes": ["read"]} | change)
    assert status in {400, 422}
    assert refusal["code"].startswith("MP")
    assert set(refusal) == {"error", "code", "detail"}
    assert not Token.objects.exists()


def test_a_session_needs_its_csrf_token_for_writes() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person("ann"), backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/api/v1/tokens", {"name": "CI", "scopes": ["read"]}, content_type="application/json")
    assert answer.status_code == 403
    assert not Token.objects.exists()


def test_tokens_see_and_end_themselves_and_with_manage_see_all() -> None:
    ann, bob = person("ann"), person("bob")
    reader, manager, other = Api(ann, "read"), Api(ann, "manage"), Api(bob, "manage")
    own, foreign = f"/api/v1/tokens/{reader.token.public_id}", f"/api/v1/tokens/{manager.token.public_id}"
    assert reader.ask("GET", "/api/v1/tokens")[0] == 403
    assert reader.ask("GET", own)[0] == 200
    assert reader.ask("GET", foreign)[0] == 403
    assert manager.ask("GET", own)[0] == 200
    assert other.ask("GET", own)[0] == 404
    assert other.ask("DELETE", own)[0] == 404
    assert manager.ask("DELETE", own)[0] == 403
    assert Token.objects.filter(revoked_at=None).count() == 3
    assert reader.ask("DELETE", own)[0] == 204
    assert reader.ask("GET", own)[1]["code"] == "MP4011"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", ACME, None),
        ("PATCH", ACME, {"display_name": "Other", "name": "other"}),
        ("GET", f"{ACME}/members", None),
        ("POST", f"{ACME}/members", {"email": "out@example.com", "role": "owner"}),
        ("PATCH", f"{ACME}/members/{uuid.UUID(int=1)}", {"role": "owner"}),
        ("DELETE", f"{ACME}/members/{uuid.UUID(int=1)}", None),
    ],
)
def test_an_organization_is_nothing_to_outsiders_and_moderators(method: str, path: str, body: Any) -> None:
    ann, out, mod = person("ann"), person("out"), person("mod", is_moderator=True)
    organization(ann)
    assert Api(None).ask(method, path, body)[0] == 401
    for user in (out, mod):
        for scope in ("", "manage"):
            assert Api(user, scope).ask(method, path, body)[0] == 404
    found = Organization.objects.get()
    assert (found.slug, found.display_name, found.memberships.count()) == ("acme", "Acme", 1)


def test_a_program_looks_after_an_organization() -> None:
    ann, bob = person("ann"), person("bob")
    api = Api(ann, "manage")
    status, made = api.ask("POST", "/api/v1/organizations", {"name": "acme", "display_name": "Acme"})
    assert (status, made["role"]) == (201, "owner")
    status, member = api.ask("POST", f"{ACME}/members", {"email": "bob@example.com"})
    assert (status, member["id"], member["role"]) == (201, str(bob.public_id), "member")
    assert api.ask("PATCH", f"{ACME}/members/{bob.public_id}", {"role": "admin"})[1]["role"] == "admin"
    assert [row["email"] for row in api.ask("GET", f"{ACME}/members")[1]["results"]] == [ann.email, bob.email]
    assert api.ask("DELETE", f"{ACME}/members/{ann.public_id}")[1]["code"] == "MP4202"
    assert api.ask("DELETE", f"{ACME}/members/{bob.public_id}")[0] == 204
    assert api.ask("PATCH", ACME, {"name": "tidewater"})[1]["name"] == "tidewater"
    assert api.ask("GET", ACME)[0] == 404
    assert Membership.objects.count() == 1


@pytest.mark.parametrize("scope", ["read", "publish"])
def test_a_lesser_scope_reads_and_changes_nothing(scope: str) -> None:
    ann = person("ann")
    organization(ann)
    api = Api(ann, scope)
    assert api.ask("GET", ACME)[0] == 200
    for method, path, body in (
        ("POST", "/api/v1/organizations", {"name": "two"}),
        ("PATCH", ACME, {"display_name": "Other"}),
        ("POST", f"{ACME}/members", {"email": "ann@example.com"}),
    ):
        status, refusal = api.ask(method, path, body)
        assert (status, refusal["code"]) == (403, "MP4005")
    assert [found.display_name for found in Organization.objects.all()] == ["Acme"]


def test_lists_are_paged_by_a_signed_cursor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marketplace.core.paging.PAGE", 2)
    ann = person("ann")
    for name in ("cc", "aa", "bb"):
        organization(ann, name)
    api = Api(ann)
    _, first = api.ask("GET", "/api/v1/organizations")
    assert [row["name"] for row in first["results"]] == ["aa", "bb"]
    _, second = api.ask("GET", first["next"].removeprefix("http://testserver"))
    assert ([row["name"] for row in second["results"]], second["next"]) == (["cc"], None)
    assert api.ask("GET", "/api/v1/organizations?cursor=made-up")[1]["code"] == "MP9012"


def test_lists_ask_as_many_queries_for_ten_rows_as_for_one(assert_same_queries: SameQueries) -> None:
    ann = person("ann")
    made = organization(ann)
    api, count = Api(ann), iter(range(100))

    def grow(rows: int) -> None:
        for _ in range(rows):
            at = next(count)
            other = Organization.objects.create(slug=f"o{at}", display_name="O")
            Membership.objects.create(organization=other, user=ann, role="member")
            Membership.objects.create(organization=made, user=person(f"p{at}"), role="member")
            token_create(user=ann, name="t", scopes=["read"])

    def ask() -> None:
        for path in ("/api/v1/me", "/api/v1/tokens", "/api/v1/organizations", f"{ACME}/members"):
            assert api.ask("GET", path)[0] == 200

    assert_same_queries(grow, ask, most=18)


class TestPublishing:
    def publisher(self) -> tuple[User, dict[str, str]]:
        ann = person("ann")
        with tenancy.bound(tenancy.SYSTEM):
            publisher_create(name="acme", by=viewer(ann))
        _, secret = token_create(user=ann, name="t", scopes=["publish"])
        return ann, {"Authorization": f"Bearer {secret}"}

    def test_an_upload_is_taken_with_its_address_and_published_by_the_worker(self, run_jobs: Any) -> None:
        _, headers = self.publisher()
        form = {"publisher": "acme", "version": "1.2.0", "tag": "beta", "visibility": "public", "file": archive("a")}
        answer = browser().post("/api/v1/packages", form, headers=headers)
        assert (answer.status_code, answer["Location"]) == (202, "/api/v1/packages/@acme/tool/versions/1.2.0")
        assert answer.json()["state"] == "received"
        run_jobs()
        followed = browser().get(answer["Location"], headers=headers).json()
        assert (followed["state"], followed["number"]) == ("published", "1.2.0")

    def test_the_same_bytes_again_change_nothing_and_others_are_a_conflict_with_the_digest(self) -> None:
        _, headers = self.publisher()

        def post(text: str) -> Any:
            form = {"publisher": "acme", "version": "1.0.0", "file": archive(text)}
            return browser().post("/api/v1/packages", form, headers=headers)

        first, same, other = post("a"), post("a"), post("b")
        assert (first.status_code, same.status_code, other.status_code) == (202, 200, 409)
        assert same.json()["id"] == first.json()["id"]
        assert other.json()["code"] == "MP3012"
        assert first.json()["digest"] in other.json()["error"]
        with tenancy.bound(tenancy.SYSTEM):
            assert Version.objects.count() == 1

    def test_nobody_and_a_reading_token_publish_nothing(self) -> None:
        ann, _ = self.publisher()
        _, secret = token_create(user=ann, name="t", scopes=["read"])
        form = {"publisher": "acme", "file": archive("a")}
        assert browser().post("/api/v1/packages", form).status_code == 401
        form["file"] = archive("a")
        answer = browser().post("/api/v1/packages", form, headers={"Authorization": f"Bearer {secret}"})
        assert (answer.status_code, answer.json()["code"]) == (403, "MP3015")
        with tenancy.bound(tenancy.SYSTEM):
            assert not Version.objects.exists()

    @pytest.mark.parametrize("form", [{"publisher": "acme"}, {"file": "text"}, {}, {"publisher": "acme", "tag": ""}])
    def test_a_form_without_its_parts_is_refused(self, form: dict[str, str]) -> None:
        _, headers = self.publisher()
        answer = browser().post("/api/v1/packages", form, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (400, "MP9004")

    def test_an_upload_beyond_the_limit_ends_while_it_streams(self) -> None:
        _, headers = self.publisher()
        with override_settings(UPLOAD_MAX_BYTES=100):
            answer = browser().post("/api/v1/packages", {"publisher": "acme", "file": archive("a")}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (413, "MP9004")
        assert settings.UPLOAD_MAX_BYTES > 100


def test_json_nested_without_end_is_refused_not_an_error() -> None:
    client = browser(person("ann"))
    answer = client.post("/api/v1/organizations", "[" * 100_000, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "MP9010")
