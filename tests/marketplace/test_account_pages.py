from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pytest

from marketplace.models import Membership, Organization, Token
from marketplace.services.organizations import organization_rename
from marketplace.services.tokens import token_authenticate, token_create
from tests.marketplace.people import browser, organization, person, viewer

if TYPE_CHECKING:
    from tests.query_counts import SameQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
ORGANIZATION = "/account/organizations/acme"


@pytest.mark.parametrize("path", ["profile", "close", "tokens", "organizations"])
def test_pages_of_the_account_ask_strangers_to_sign_in(path: str) -> None:
    answer = browser().get(f"/account/{path}")
    assert (answer.status_code, answer["Location"]) == (302, f"/accounts/login/?next=/account/{path}")


def test_the_profile_page_saves_and_says_what_is_wrong() -> None:
    ann = person("ann")
    client = browser(ann)
    saved = client.post("/account/profile", {"display_name": "Ann Lee", "time_zone": "Asia/Tokyo"}, follow=True)
    assert "Saved." in saved.content.decode()
    wrong = client.post("/account/profile", {"display_name": "x" * 90, "time_zone": "Asia/Tokyo"})
    assert wrong.status_code == 422
    assert 'aria-invalid="true"' in wrong.content.decode()
    ann.refresh_from_db()
    assert (ann.display_name, ann.time_zone) == ("Ann Lee", "Asia/Tokyo")


def test_times_are_shown_in_the_persons_zone() -> None:
    ann = person("ann", time_zone="Asia/Tokyo")
    token_create(user=ann, name="t", scopes=["read"])
    Token.objects.update(last_used_at="2026-03-01T12:00:00Z")
    assert 'title="1 Mar 2026 21:00 JST"' in browser(ann).get("/account/tokens").content.decode()


def test_closing_asks_first_and_can_be_taken_back_on_every_page() -> None:
    ann = person("ann")
    client = browser(ann)
    assert client.get("/account/close").status_code == 200
    ann.refresh_from_db()
    assert ann.state == "active"
    assert client.post("/account/close")["Location"] == "/account/profile"
    assert "Keep my account" in client.get("/account/tokens").content.decode()
    client.post("/account/reopen")
    ann.refresh_from_db()
    assert ann.state == "active"


def test_the_last_owner_reads_why_the_account_stays() -> None:
    ann, bob = person("ann"), person("bob")
    organization(ann, "acme", member=bob)
    answer = browser(ann).post("/account/close")
    assert answer.status_code == 409
    assert "MP4302" in answer.content.decode()


def test_a_new_token_is_shown_once() -> None:
    ann = person("ann")
    client = browser(ann)
    form = {"name": "CI", "scope": "publish", "packages": "@acme/tool, @acme/other", "days": "30"}
    answer = client.post("/account/tokens", form)
    secret = answer.context["secret"]
    assert secret in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert token_authenticate(secret).packages == frozenset({"@acme/tool", "@acme/other"})
    again = client.get("/account/tokens").content.decode()
    assert secret not in again
    assert secret[:12] in again


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"scope": "root"}, {"days": "0"}, {"days": "999"}, {"packages": "tool"}, {"scope": ""}]
)
def test_a_token_form_that_is_wrong_makes_none(change: dict[str, str]) -> None:
    ann = person("ann")
    form = {"name": "CI", "scope": "read", "packages": "", "days": "30"} | change
    answer = browser(ann).post("/account/tokens", form)
    assert answer.status_code == 422
    assert 'class="error"' in answer.content.decode()
    assert not Token.objects.exists()


def test_only_its_owner_ends_a_token() -> None:
    ann, bob = person("ann"), person("bob", is_moderator=True)
    token, _ = token_create(user=ann, name="t", scopes=["read"])
    path = f"/account/tokens/{token.public_id}/revoke"
    assert browser().post(path).status_code == 302
    assert browser(bob).post(path).status_code == 404
    assert browser(ann).get(path).status_code == 405
    token.refresh_from_db()
    assert token.revoked_at is None
    browser(ann).post(path)
    token.refresh_from_db()
    assert token.revoked_at is not None


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("", None),
        ("/rename", {"name": "other", "display_name": "Other"}),
        ("/close", {}),
        ("/reopen", {}),
        ("/members", {"email": "out@example.com", "role": "member"}),
        (f"/members/{uuid.UUID(int=1)}/role", {"role": "owner"}),
        (f"/members/{uuid.UUID(int=1)}/remove", {}),
    ],
)
def test_outsiders_and_moderators_see_no_organization(path: str, form: dict[str, str] | None) -> None:
    ann, out, mod = person("ann"), person("out"), person("mod", is_moderator=True)
    organization(ann)
    for user, status in ((None, 302), (out, 404), (mod, 404)):
        client = browser(user)
        answer = client.get(ORGANIZATION + path) if form is None else client.post(ORGANIZATION + path, form)
        assert answer.status_code == status
    found = Organization.objects.get()
    assert (found.slug, found.display_name, found.state, found.memberships.count()) == ("acme", "Acme", "active", 1)


def test_members_see_the_organization_and_change_nothing() -> None:
    ann, mel = person("ann"), person("mel")
    organization(ann, "acme", member=mel)
    client = browser(mel)
    text = client.get(ORGANIZATION).content.decode()
    assert "Add a member" not in text
    assert "Leave" in text
    assert client.post(f"{ORGANIZATION}/close").status_code == 403
    assert client.post(f"{ORGANIZATION}/members/{ann.public_id}/remove").status_code == 403
    refused = client.post(f"{ORGANIZATION}/members", {"email": "mel@example.com", "role": "owner"})
    assert (refused.status_code, Membership.objects.count()) == (422, 2)


def test_an_owner_makes_an_organization_and_looks_after_its_members() -> None:
    ann, bob = person("ann"), person("bob")
    client = browser(ann)
    made = client.post("/account/organizations", {"name": "@Acme", "display_name": "Acme Works"})
    assert made["Location"] == ORGANIZATION
    client.post(f"{ORGANIZATION}/members", {"email": "bob@example.com", "role": "member"})
    client.post(f"{ORGANIZATION}/members/{bob.public_id}/role", {"role": "owner"})
    assert Membership.objects.get(user=bob).role == "owner"
    client.post(f"{ORGANIZATION}/members/{ann.public_id}/remove")
    assert not Membership.objects.filter(user=ann).exists()
    assert client.get(ORGANIZATION).status_code == 404


@pytest.mark.parametrize("name", ["claude", "no such name", "-x"])
def test_a_name_that_is_refused_says_so_beside_the_field(name: str) -> None:
    answer = browser(person("ann")).post("/account/organizations", {"name": name})
    assert answer.status_code == 422
    assert "MP150" in answer.content.decode()
    assert not Organization.objects.exists()


def test_an_older_name_leads_to_the_new_one_for_members_only() -> None:
    ann, out = person("ann"), person("out")
    made = organization(ann)
    organization_rename(organization=made, name="tidewater", by=viewer(ann))
    answer = browser(ann).get(ORGANIZATION)
    assert (answer.status_code, answer["Location"]) == (301, "/account/organizations/tidewater")
    assert browser(out).get(ORGANIZATION).status_code == 404


def test_lists_ask_as_many_queries_for_ten_rows_as_for_one(assert_same_queries: SameQueries) -> None:
    ann = person("ann")
    made = organization(ann, "first")
    client = browser(ann)
    count = iter(range(1000))

    def grow(rows: int) -> None:
        for _ in range(rows):
            at = next(count)
            member = person(f"p{at}")
            Membership.objects.create(organization=made, user=member, role="member")
            other = Organization.objects.create(slug=f"o{at}", display_name=f"O {at}")
            Membership.objects.create(organization=other, user=ann, role="member")
            token_create(user=ann, name=f"t{at}", scopes=["read"])

    def ask() -> None:
        for path in ("/account/organizations", "/account/organizations/first", "/account/tokens"):
            assert client.get(path).status_code == 200

    assert_same_queries(grow, ask, most=24)
