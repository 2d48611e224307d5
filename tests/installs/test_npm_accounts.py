from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.authentication import AUTHENTICATION_METHODS_SESSION_KEY
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from installs.models import ClientRequest, ClientSettings
from marketplace.core import tenancy
from marketplace.models import Token, User
from registry.models import PackageMaintainer, Version
from tests.installs import npm_bodies
from tests.installs.npm_registry import NAME, URL, Npm, error, package, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http.response import HttpResponseBase

pytestmark = pytest.mark.django_db
DEVICE = "JBSWY3DPEHPK3PXP"
SITE = "http://localhost:8000"


@pytest.fixture
def owner() -> User:
    return person()


@pytest.fixture
def ann(run_jobs: Callable[[], int], owner: User) -> Npm:
    npm = Npm(run_jobs, owner, scope="manage")
    npm.publish("1.0.0")
    return npm


@pytest.fixture
def anyone(run_jobs: Callable[[], int]) -> Npm:
    return Npm(run_jobs)


def said(response: HttpResponseBase) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(b"".join(response))
    return found


def browser(user: User, *, has_confirmed: bool = False) -> Client:
    client = Client()
    client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    if has_confirmed:
        session = client.session
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": time.time()}]
        session[f"{AUTHENTICATION_METHODS_SESSION_KEY}_user"] = str(user.pk)
        session.save()
    return client


def path(url: str) -> str:
    assert url.startswith(SITE)
    return url.removeprefix(SITE)


def ask_always(user: User) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        TOTP.activate(user, DEVICE)
        ClientSettings.objects.create(user=user, confirms_writes=True)


def device_code() -> str:
    return str(format_hotp_value(hotp_value(DEVICE, next(iter(yield_hotp_counters_from_time())))))


def count(model: Any) -> int:
    with tenancy.bound(tenancy.SYSTEM):
        return int(model.objects.count())


@pytest.mark.usefixtures("ann")
def test_web_login_gives_a_token_once_somebody_says_yes(anyone: Npm, owner: User) -> None:
    asked = said(anyone.ask("POST", "/npm/-/v1/login", {}, user_agent="npm/12.2.0 node/v22"))
    waiting = anyone.get(path(asked["doneUrl"]))
    assert (waiting.status_code, waiting["Retry-After"]) == (202, "1")
    page = browser(owner)
    shown = page.get(path(asked["loginUrl"]))
    assert b"npm/12.2.0 node/v22" in shown.content
    assert page.post(path(asked["loginUrl"]), {"answer": "yes", "scope": "publish"}).status_code == 200
    done = said(anyone.get(path(asked["doneUrl"])))
    anyone.headers = {"Authorization": f"Bearer {done['token']}"}
    assert anyone.read("/npm/-/whoami") == {"username": "acme"}
    assert anyone.publish("1.1.0").status_code == 201
    assert error(anyone.get(path(asked["doneUrl"]))) == (404, "MP5040")
    assert page.get(path(asked["loginUrl"])).status_code == 404


def test_refused_login_ends_the_waiting_and_gives_nothing(anyone: Npm, owner: User) -> None:
    asked = said(anyone.ask("POST", "/npm/-/v1/login", {}))
    assert browser(owner).post(path(asked["loginUrl"]), {"answer": "no"}).status_code == 200
    assert error(anyone.get(path(asked["doneUrl"]))) == (404, "MP5040")
    assert count(Token) == 0


def test_login_page_sends_strangers_to_sign_in_first(anyone: Npm) -> None:
    asked = said(anyone.ask("POST", "/npm/-/v1/login", {}))
    sent = Client().post(path(asked["loginUrl"]), {"answer": "yes", "scope": "manage"})
    assert (sent.status_code, sent["Location"].split("?")[0]) == (302, "/accounts/login/")
    assert anyone.get(path(asked["doneUrl"])).status_code == 202


def test_second_factor_must_be_fresh_before_somebody_says_yes(anyone: Npm, owner: User) -> None:
    ask_always(owner)
    asked = said(anyone.ask("POST", "/npm/-/v1/login", {}))
    shown = browser(owner).post(path(asked["loginUrl"]), {"answer": "yes", "scope": "publish"})
    assert b"/accounts/2fa/reauthenticate/?next=" in shown.content
    assert anyone.get(path(asked["doneUrl"])).status_code == 202
    fresh = browser(owner, has_confirmed=True)
    fresh.post(path(asked["loginUrl"]), {"answer": "yes", "scope": "publish"})
    assert anyone.get(path(asked["doneUrl"])).status_code == 200


def test_publishing_waits_for_the_second_factor_of_who_asks_for_it(ann: Npm, owner: User) -> None:
    ask_always(owner)
    body = npm_bodies.publication(NAME, "1.1.0")
    challenge = ann.ask("PUT", URL, body)
    assert (challenge.status_code, challenge["WWW-Authenticate"]) == (401, "OTP")
    urls = said(challenge)
    assert count(Version) == 1
    assert ann.get(path(urls["doneUrl"])).status_code == 202
    bob = person("bob@example.com")
    browser(bob, has_confirmed=True).post(path(urls["authUrl"]), {"answer": "yes"})
    assert ann.get(path(urls["doneUrl"])).status_code == 202
    browser(owner, has_confirmed=True).post(path(urls["authUrl"]), {"answer": "yes"})
    code = said(ann.get(path(urls["doneUrl"])))["token"]
    assert ann.ask("PUT", URL, body, npm_otp="wrong").status_code == 401
    assert ann.ask("DELETE", f"{URL}/-rev/{package().revision}", npm_otp=code).status_code == 401
    assert ann.ask("PUT", URL, body, npm_otp=code).status_code == 201


def test_code_of_a_device_confirms_too_and_tries_are_few(ann: Npm, owner: User) -> None:
    ask_always(owner)
    body = npm_bodies.publication(NAME, "1.1.0")
    for _ in range(4):
        assert ann.ask("PUT", URL, body, npm_otp="000000").status_code == 401
    assert ann.ask("PUT", URL, body, npm_otp=device_code()).status_code == 201
    assert error(ann.ask("PUT", URL, body, npm_otp="000000")) == (429, "MP9006")


def test_without_a_second_factor_or_the_wish_for_it_nothing_waits(ann: Npm, owner: User) -> None:
    with tenancy.bound(tenancy.SYSTEM):
        ClientSettings.objects.create(user=owner, confirms_writes=True)
    assert ann.publish("1.1.0").status_code == 201
    assert count(ClientRequest) == 0


def test_profile_is_the_owners_own_and_is_changed_on_the_site(ann: Npm, anyone: Npm, owner: User) -> None:
    told = ann.read("/npm/-/npm/v1/user")
    assert (told["name"], told["email"], told["tfa"]) == ("acme", "ann@example.com", False)
    with tenancy.bound(tenancy.SYSTEM):
        TOTP.activate(owner, DEVICE)
    assert ann.read("/npm/-/npm/v1/user")["tfa"] == {"mode": "auth-and-writes", "pending": False}
    assert error(anyone.get("/npm/-/npm/v1/user")) == (401, "MP9002")
    assert error(ann.ask("POST", "/npm/-/npm/v1/user", {"fullname": "Eve"})) == (403, "MP5025")


def test_tokens_are_listed_made_after_a_yes_and_ended(ann: Npm, owner: User) -> None:
    listed = ann.read("/npm/-/npm/v1/tokens")
    assert (listed["total"], listed["urls"]) == (1, {"next": None})
    wish = {"name": "ci", "packages_and_scopes_permission": "read-only", "expires": 3, "packages": [NAME]}
    challenge = ann.ask("POST", "/npm/-/npm/v1/tokens", wish)
    assert challenge.status_code == 401
    assert count(Token) == 1
    urls = said(challenge)
    browser(owner).post(path(urls["authUrl"]), {"answer": "yes"})
    code = said(ann.get(path(urls["doneUrl"])))["token"]
    broader = ann.ask("POST", "/npm/-/npm/v1/tokens", wish | {"expires": 30}, npm_otp=code)
    assert broader.status_code == 401
    made = said(ann.ask("POST", "/npm/-/npm/v1/tokens", wish, npm_otp=code))
    assert (made["readonly"], made["packages"], made["name"]) == (True, [NAME], "ci")
    reader = Npm(ann.run_jobs)
    reader.headers = {"Authorization": f"Bearer {made['token']}"}
    assert reader.read()["name"] == NAME
    urls = said(ann.ask("DELETE", f"/npm/-/npm/v1/tokens/token/{made['key']}"))
    assert reader.get(URL).status_code == 200
    browser(owner).post(path(urls["authUrl"]), {"answer": "yes"})
    code = said(ann.get(path(urls["doneUrl"])))["token"]
    assert ann.ask("DELETE", f"/npm/-/npm/v1/tokens/token/{made['key']}", npm_otp=code).status_code == 204
    assert error(reader.get(URL)) == (401, "MP4011")


def test_logout_ends_the_token_that_asks_and_no_other(ann: Npm, owner: User) -> None:
    secret = ann.headers["Authorization"].removeprefix("Bearer ")
    other = Npm(ann.run_jobs, owner)
    assert error(other.ask("DELETE", f"/npm/-/user/token/{secret}")) == (404, "MP9001")
    assert ann.get("/npm/-/whoami").status_code == 200
    assert ann.ask("DELETE", f"/npm/-/user/token/{secret}").status_code == 204
    assert error(ann.get("/npm/-/whoami")) == (401, "MP4011")


def test_owners_are_listed_added_and_removed(ann: Npm, run_jobs: Callable[[], int]) -> None:
    bob = Npm(run_jobs, person("bob@example.com"), scope="manage")
    bob.publish("1.0.0", name="@bob/planner")
    told = ann.read("/npm/-/user/org.couchdb.user:bob")
    assert (told["name"], told["email"]) == ("bob", "bob@users.noreply.localhost")
    document = ann.read(f"{URL}?write=true")
    assert [who["name"] for who in document["maintainers"]] == ["acme"]
    body = {"maintainers": [*document["maintainers"], {"name": "bob", "email": told["email"]}]}
    assert error(bob.ask("PUT", f"{URL}/-rev/{document['_rev']}", body)) == (403, "MP3011")
    assert error(ann.ask("PUT", f"{URL}/-rev/999", body)) == (409, "MP3023")
    assert count(PackageMaintainer) == 2
    assert ann.ask("PUT", f"{URL}/-rev/{document['_rev']}", body).status_code == 201
    assert [who["name"] for who in ann.read(f"{URL}?write=true")["maintainers"]] == ["acme", "bob"]
    assert bob.publish("1.1.0").status_code == 201
    revision = ann.read(f"{URL}?write=true")["_rev"]
    assert error(ann.ask("PUT", f"{URL}/-rev/{revision}", {"maintainers": []})) == (409, "MP3024")
    unknown = {"maintainers": [{"name": "nobody-here"}]}
    assert error(ann.ask("PUT", f"{URL}/-rev/{revision}", unknown)) == (404, "MP3001")
    assert ann.ask("PUT", f"{URL}/-rev/{revision}", {"maintainers": [{"name": "acme"}]}).status_code == 201
    assert error(bob.publish("1.2.0")) == (403, "MP3010")


def test_access_is_read_and_changed_by_who_owns_the_name(
    ann: Npm, anyone: Npm, run_jobs: Callable[[], int], django_capture_on_commit_callbacks: Callable[..., Any]
) -> None:
    of = "/npm/-/package/@acme%2freviewer"
    assert anyone.read(f"{of}/visibility") == {"public": True}
    assert anyone.read(f"{of}/collaborators") == {"acme": "write"}
    bob = Npm(run_jobs, person("bob@example.com"), scope="manage")
    assert error(bob.ask("POST", f"{of}/access", {"access": "restricted"})) == (403, "MP3011")
    assert anyone.get(URL).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert ann.ask("POST", f"{of}/access", {"access": "restricted"}).status_code == 200
    for path_ in (URL, f"{URL}/-/reviewer-1.0.0.tgz", f"{of}/visibility", f"{of}/collaborators"):
        assert anyone.get(path_).status_code == 404
        assert bob.get(path_).status_code == 404
        assert ann.get(path_).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert ann.ask("POST", f"{of}/access", {"access": "public"}).status_code == 200
    assert anyone.read()["name"] == NAME
    assert error(ann.ask("POST", f"{of}/access", {"publish_requires_tfa": True})) == (403, "MP5025")


def test_packages_of_people_and_organizations_are_what_the_asker_may_know(
    ann: Npm, anyone: Npm, run_jobs: Callable[[], int]
) -> None:
    ann.publish("1.0.0", name="@acme/secret", access="restricted")
    bob = Npm(run_jobs, person("bob@example.com"))
    assert ann.read("/npm/-/user/acme/package") == {NAME: "write", "@acme/secret": "write"}
    assert bob.read("/npm/-/user/acme/package") == {NAME: "read"}
    assert error(anyone.get("/npm/-/user/acme/package")) == (401, "MP9002")
    assert error(bob.get("/npm/-/org/acme/package")) == (404, "MP3001")
    assert error(bob.get("/npm/-/org/acme/user")) == (404, "MP3001")
    assert error(ann.ask("PUT", "/npm/-/org/acme/user", {"user": "bob"})) == (403, "MP5025")
    assert error(ann.ask("PUT", "/npm/-/team/acme/dev/user", {"user": "bob"})) == (403, "MP5025")


def test_password_sign_up_is_closed_outside_the_test_tenant(anyone: Npm) -> None:
    body = {"name": "eve", "password": "correct horse", "type": "user"}
    assert error(anyone.ask("PUT", "/npm/-/user/org.couchdb.user:eve", body)) == (404, "MP9001")
    assert count(User) == 0


def test_who_has_a_factor_can_ask_for_it_on_the_site(owner: User) -> None:
    page = browser(owner, has_confirmed=True)
    assert b'name="confirms_writes"' not in page.get("/account/command-lines").content
    with tenancy.bound(tenancy.SYSTEM):
        TOTP.activate(owner, DEVICE)
    assert b'name="confirms_writes"' in page.get("/account/command-lines").content
    page.post("/account/command-lines", {"confirms_writes": "on"})
    with tenancy.bound(tenancy.SYSTEM):
        assert ClientSettings.objects.get(user=owner).confirms_writes
        assert Authenticator.objects.filter(user=owner).count() == 1
