from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter as second_factors
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import override_settings
from zeal import zeal_ignore

from installs.models import Library, PersonalAddress
from marketplace.core import sign_ins, tenancy
from marketplace.models import AuditEntry, User
from tests.installs.npm_registry import Npm
from tests.marketplace.people import PASSWORD, browser, organization, person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client
    from pytest_django import DjangoCaptureOnCommitCallbacks

pytestmark = pytest.mark.django_db
LINK = re.compile(r"http://localhost:8000(/\S+)")
GITHUB = {"github": {"APPS": [{"client_id": "x", "secret": "y", "key": ""}], "SCOPE": ["user:email"]}}


@pytest.fixture(autouse=True)
def allauth_asks_again() -> Iterator[None]:
    """allauth's own steps look up the one person who asks, with session and address, again and again."""
    models = ("marketplace.User", "account.EmailAddress", "sessions.Session")
    with zeal_ignore([{"model": model, "field": "get()"} for model in models]):
        yield


def sign_in(client: Client, name: str = "ann", password: str = PASSWORD) -> Any:
    return client.post("/accounts/login/", {"login": f"{name}@example.com", "password": password})


def code_of(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return str(format_hotp_value(hotp_value(secret, counter)))


def links() -> list[str]:
    """The one link of each letter that was sent, as paths on this site."""
    found = [LINK.findall(str(letter.body)) for letter in mail.outbox]
    assert all(len(one) == 1 for one in found), [letter.body for letter in mail.outbox]
    return [one[0] for one in found]


def visitor_with_a_package(run_jobs: Callable[[], int]) -> Client:
    """A browser that has put @acme/reviewer into its library without signing in."""
    npm = Npm(run_jobs, person("publisher"))
    npm.publish("1.0.0")
    client = browser()
    assert client.post("/library/@acme/reviewer/add").status_code == 302
    return client


def test_sign_up_confirm_sign_out_and_sign_in(run_jobs: Callable[[], int]) -> None:
    client = browser()
    made = client.post("/accounts/signup/", {"email": "New@Example.com", "password1": PASSWORD})
    assert (made.status_code, made["Location"]) == (302, "/library")
    run_jobs()
    (letter,) = mail.outbox
    assert (letter.subject, letter.to) == ("Confirm your address for Agent Marketplace", ["new@example.com"])
    (path,) = links()
    assert not EmailAddress.objects.get().verified
    assert "Is <b>new@example.com</b> yours?" in client.get(path).content.decode()
    client.post(path)
    assert EmailAddress.objects.get().verified
    client.post("/accounts/logout/")
    assert client.get("/account/profile").status_code == 302
    assert sign_in(client, "new")["Location"] == "/library"
    acts = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert acts == ["marketplace:user:create", "marketplace:user:sign_in", "marketplace:user:sign_in"]


def test_letters_wait_sealed_in_the_outbox() -> None:
    from marketplace.models import OutboxEntry  # noqa: PLC0415  (only this test reads the rows)

    browser().post("/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD})
    (row,) = OutboxEntry.objects.filter(job="marketplace.mail_send")
    assert set(row.arguments) == {"letter"}
    assert "http" not in str(row.arguments)
    assert "example" not in str(row.arguments)


def test_a_weak_password_makes_no_account() -> None:
    answer = browser().post("/accounts/signup/", {"email": "new@example.com", "password1": "password12"})
    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    assert not User.objects.exists()


@override_settings(SIGNUP_OPEN=False)
def test_closed_sign_up_makes_no_account() -> None:
    client = browser()
    assert "Sign-up is closed" in client.get("/accounts/signup/").content.decode()
    client.post("/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD})
    assert not User.objects.exists()
    assert "Make one" not in client.get("/accounts/login/").content.decode()


def test_a_wrong_password_signs_nobody_in() -> None:
    person("ann")
    client = browser()
    answer = sign_in(client, password="wrong")
    assert answer.status_code == 200
    assert 'class="error"' in answer.content.decode()
    assert client.get("/account/profile").status_code == 302


@pytest.mark.parametrize("state", ["suspended", "closed"])
def test_who_is_suspended_or_gone_signs_in_no_more(state: str) -> None:
    person("ann", state=state)
    client = browser()
    assert sign_in(client)["Location"] == "/accounts/inactive/"
    assert client.get("/account/profile").status_code == 302


def test_a_forgotten_password_is_chosen_anew_with_a_link_that_works_once(run_jobs: Callable[[], int]) -> None:
    person("ann")
    client = browser()
    client.post("/accounts/password/reset/", {"email": "ann@example.com"})
    run_jobs()
    (path,) = links()
    form = client.get(path)["Location"]
    client.post(form, {"password1": "another good phrase", "password2": "another good phrase"})
    assert sign_in(browser(), password="another good phrase").status_code == 302
    assert "This link is used up" in browser().get(path).content.decode()
    run_jobs()
    assert mail.outbox[-1].subject == "Your password changed"


def test_a_forgotten_password_of_nobody_says_the_same_on_the_page(run_jobs: Callable[[], int]) -> None:
    person("ann")
    answers = {
        browser().post("/accounts/password/reset/", {"email": f"{name}@example.com"})["Location"]
        for name in ("ann", "nobody")
    }
    assert len(answers) == 1
    run_jobs()
    assert {letter.subject for letter in mail.outbox} == {"Choose a new password", "No account has this address"}


def test_a_visitors_library_comes_along_at_sign_in(run_jobs: Callable[[], int]) -> None:
    ann = person("ann")
    client = visitor_with_a_package(run_jobs)
    answer = sign_in(client)
    assert answer.cookies["library"].value == ""
    with tenancy.bound(tenancy.SYSTEM):
        library = Library.objects.get(user=ann)
        assert library.installs.count() == 1
        assert PersonalAddress.objects.get().library_id == library.pk
        assert not Library.objects.filter(user=None).exists()


def test_a_visitors_library_comes_along_at_sign_up(run_jobs: Callable[[], int]) -> None:
    client = visitor_with_a_package(run_jobs)
    client.post("/accounts/signup/", {"email": "new@example.com", "password1": PASSWORD})
    with tenancy.bound(tenancy.SYSTEM):
        assert Library.objects.get(user__email="new@example.com").installs.count() == 1


def test_a_library_of_another_account_is_not_taken_along(run_jobs: Callable[[], int]) -> None:
    ann, bob = person("ann"), person("bob")
    client = visitor_with_a_package(run_jobs)
    key = client.cookies["library"].value
    sign_in(client)
    other = browser()
    other.cookies["library"] = key
    sign_in(other, "bob")
    with tenancy.bound(tenancy.SYSTEM):
        assert Library.objects.get(user=ann).installs.count() == 1
        assert not Library.objects.filter(user=bob).exists()


def test_a_hook_that_fails_keeps_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_cookies: object, _viewer: object) -> frozenset[str]:
        raise ValueError("no")

    monkeypatch.setattr(sign_ins, "HOOKS", [broken])
    person("ann")
    assert sign_in(browser()).status_code == 302


class TestSecondFactor:
    def test_the_app_is_set_up_with_a_code_and_asked_for_from_then_on(
        self, run_jobs: Callable[[], int], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
    ) -> None:
        ann = person("ann")
        client = browser()
        sign_in(client)
        page = client.get("/accounts/2fa/totp/activate/")
        secret = page.context["form"].secret
        assert client.post("/accounts/2fa/totp/activate/", {"code": "000000x"}).status_code == 200
        with django_capture_on_commit_callbacks(execute=True):
            client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret)})
        rows = Authenticator.objects.filter(user=ann)
        assert {row.type for row in rows} == {"totp", "recovery_codes"}
        assert all(secret not in str(row.data) for row in rows)
        run_jobs()
        assert "Your authenticator app is on" in {letter.subject for letter in mail.outbox}
        other = browser()
        assert sign_in(other)["Location"] == "/accounts/2fa/authenticate/"
        assert other.get("/account/profile").status_code == 302
        (unused, *_rest) = rows.get(type="recovery_codes").wrap().get_unused_codes()
        assert other.post("/accounts/2fa/authenticate/", {"code": unused}).status_code == 302
        assert other.get("/account/profile").status_code == 200

    def test_the_claim_waits_for_the_second_factor(self, run_jobs: Callable[[], int]) -> None:
        ann = person("ann")
        TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
        client = visitor_with_a_package(run_jobs)
        sign_in(client)
        with tenancy.bound(tenancy.SYSTEM):
            assert not Library.objects.filter(user=ann).exists()
        client.post("/accounts/2fa/authenticate/", {"code": code_of("JBSWY3DPEHPK3PXP")})
        with tenancy.bound(tenancy.SYSTEM):
            assert Library.objects.get(user=ann).installs.count() == 1

    def test_secrets_are_sealed(self) -> None:
        adapter = second_factors()
        sealed = adapter.encrypt("JBSWY3DPEHPK3PXP")
        assert "JBSWY3DPEHPK3PXP" not in sealed
        assert adapter.decrypt(sealed) == "JBSWY3DPEHPK3PXP"


def test_other_sessions_end_from_the_list() -> None:
    person("ann")
    here, there = browser(), browser()
    sign_in(here)
    sign_in(there)
    assert "End all the others" in here.get("/accounts/sessions/").content.decode()
    here.post("/accounts/sessions/")
    assert there.get("/account/profile").status_code == 302
    assert here.get("/account/profile").status_code == 200


def test_github_is_offered_only_when_its_keys_are_set() -> None:
    assert "GitHub" not in browser().get("/accounts/login/").content.decode()
    with override_settings(SOCIALACCOUNT_PROVIDERS=GITHUB):
        assert "Continue with GitHub" in browser().get("/accounts/login/").content.decode()
        assert "Continue with GitHub" in browser().get("/accounts/signup/").content.decode()


SIGNED_OUT = ["login/", "signup/", "password/reset/", "password/reset/done/", "confirm-email/", "inactive/"]
SIGNED_OUT += [
    "confirm-email/no-such-key/",
    "password/reset/key/x-y/",
    "password/reset/key/done/",
    "3rdparty/login/error/",
]
SIGNED_OUT += ["3rdparty/login/cancelled/"]
SIGNED_IN = ["email/", "password/change/", "2fa/", "2fa/totp/activate/", "2fa/webauthn/", "2fa/webauthn/add/"]
SIGNED_IN += ["sessions/", "logout/", "3rdparty/", "2fa/recovery-codes/", "2fa/recovery-codes/generate/"]
SIGNED_IN += ["reauthenticate/", "2fa/reauthenticate/", "2fa/totp/deactivate/"]
OURS = [
    "/account/profile",
    "/account/close",
    "/account/tokens",
    "/account/organizations",
    "/account/organizations/acme",
]


def assert_holds_the_design_and_the_policy(text: str) -> None:
    assert '<a class="brand"' in text
    assert " style=" not in text
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script
    assert not re.findall(r"\son[a-z]+=", text)
    assert "https://" not in text.replace("https://example.com", "")


@pytest.mark.parametrize("path", SIGNED_OUT)
def test_pages_for_whoever_is_signed_out_are_ours(path: str) -> None:
    answer = browser().get(f"/accounts/{path}")
    assert answer.status_code in {200, 302, 401}, answer.status_code
    if answer.status_code != 302:
        assert_holds_the_design_and_the_policy(answer.content.decode())


@pytest.mark.parametrize("path", [*(f"/accounts/{path}" for path in SIGNED_IN), *OURS])
def test_pages_of_the_account_are_ours(path: str) -> None:
    ann = person("ann")
    organization(ann)
    client = browser()
    sign_in(client)
    if "deactivate" in path or "recovery" in path or "reauthenticate" in path:
        TOTP.activate(ann, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(ann)
    answer = client.get(path)
    assert answer.status_code == 200, answer.get("Location")
    assert_holds_the_design_and_the_policy(answer.content.decode())
