from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.utils import timezone

from installs.models import Library, PersonalAddress
from installs.services.libraries import address_of
from marketplace.core import tenancy
from marketplace.core.errors import Conflict, Invalid, MarketplaceError, NotAllowed
from marketplace.domain.viewer import ANONYMOUS
from marketplace.models import AuditEntry, Membership, Notice, Organization, Token, User
from marketplace.services.accounts import account_close, account_export, account_reopen, profile_update
from marketplace.services.erasing import graces_end
from marketplace.services.tokens import token_authenticate, token_create
from registry.models import PackageMaintainer
from tests.installs.npm_registry import NAME, Npm, version
from tests.marketplace.people import browser, organization, person, viewer

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]


def refused(error: type[MarketplaceError], code: str) -> pytest.RaisesExc[MarketplaceError]:
    return pytest.RaisesExc(error, check=lambda raised: raised.code == code)


def test_a_profile_keeps_a_name_and_a_zone_and_says_what_changed() -> None:
    ann = person("ann")
    profile_update(by=viewer(ann), display_name="  Ann   Lee ", time_zone="Europe/Berlin")
    ann.refresh_from_db()
    assert (ann.display_name, ann.time_zone) == ("Ann Lee", "Europe/Berlin")
    data = AuditEntry.objects.get(action="marketplace:user:update").data
    assert data["before"] == {"display_name": "Ann", "time_zone": "UTC"}
    profile_update(by=viewer(ann), display_name="Ann Lee")
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "code"), [({"time_zone": "Mars/Base"}, "MP4301"), ({"display_name": "x" * 81}, "MP4209")]
)
def test_a_profile_that_cannot_be_is_not_kept(change: dict[str, str], code: str) -> None:
    ann = person("ann")
    with refused(Invalid, code):
        profile_update(by=viewer(ann), **change)
    ann.refresh_from_db()
    assert (ann.display_name, ann.time_zone) == ("Ann", "UTC")


def test_no_token_and_nobody_changes_an_account() -> None:
    ann = person("ann")
    _, secret = token_create(user=ann, name="t", scopes=["manage"])
    by = token_authenticate(secret)
    for act in (account_close, account_reopen, account_export, profile_update):
        with refused(NotAllowed, "MP4004"):
            act(by=by)
        with refused(NotAllowed, "MP9002"):
            act(by=ANONYMOUS)
    ann.refresh_from_db()
    assert ann.state == "active"


def test_closing_stops_tokens_and_can_be_taken_back() -> None:
    ann = person("ann")
    made = organization(ann, "alone")
    _, secret = token_create(user=ann, name="t", scopes=["read"])
    closing = account_close(by=viewer(ann))
    assert closing.closes_at is not None
    assert closing.closes_at - timezone.now() > timedelta(days=13)
    with refused(NotAllowed, "MP4012"):
        token_authenticate(secret)
    made.refresh_from_db()
    assert made.state == "closing"
    assert Notice.objects.get(user=ann).title == "Your account is being closed"
    account_reopen(by=viewer(ann))
    assert token_authenticate(secret).user_id == ann.pk
    with refused(Conflict, "MP4303"):
        account_reopen(by=viewer(ann))


def test_the_last_owner_of_an_organization_with_others_does_not_go() -> None:
    ann, bob = person("ann"), person("bob")
    organization(ann, "acme", admin=bob)
    with refused(Conflict, "MP4302"):
        account_close(by=viewer(ann))
    ann.refresh_from_db()
    assert (ann.state, Organization.objects.get().state) == ("active", "active")
    Membership.objects.filter(user=bob).update(role="owner")
    assert account_close(by=viewer(ann)).state == "closing"


def test_after_the_grace_what_identifies_the_person_is_gone_and_versions_stay(run_jobs: Callable[[], int]) -> None:
    ann = person("ann", is_staff=True)
    npm = Npm(run_jobs, ann)
    npm.publish("1.0.0")
    client = browser(ann)
    assert client.get("/account/profile").status_code == 200
    tenancy.bind(tenancy.SYSTEM)
    address_of(by=viewer(ann))
    Authenticator.objects.create(user=ann, type="totp", data={"secret": "x"})
    account_close(by=viewer(ann))
    User.objects.filter(pk=ann.pk).update(closes_at=timezone.now() - timedelta(seconds=1))
    assert graces_end() == (1, 0)
    assert graces_end() == (0, 0)
    ann.refresh_from_db()
    assert (ann.state, ann.email, ann.display_name) == ("closed", f"closed-{ann.public_id}@invalid", "")
    assert (ann.is_staff, ann.has_usable_password(), ann.is_active) == (False, False, False)
    for model in (EmailAddress, Authenticator, Token, Library, PersonalAddress, PackageMaintainer, Notice):
        assert not model.objects.exists(), model
    assert (version("1.0.0").state, version("1.0.0").published_by_name) == ("published", "")
    assert client.get("/account/profile").status_code == 302
    assert Npm(run_jobs).get(f"/npm/{NAME}").status_code == 200


def test_a_closed_account_signs_in_no_more() -> None:
    ann = person("ann")
    ann.state = User.State.CLOSED
    ann.save()
    client = browser(ann)
    assert client.get("/account/profile").status_code == 302


def test_an_export_holds_what_is_kept_and_no_secret(run_jobs: Callable[[], int]) -> None:
    ann, bob = person("ann"), person("bob")
    organization(ann, "tide")
    npm = Npm(run_jobs, ann)
    npm.publish("1.0.0")
    tenancy.bind(tenancy.SYSTEM)
    key = address_of(by=viewer(ann))
    token, secret = token_create(user=ann, name="CI", scopes=["read"], by=viewer(ann))
    token_create(user=bob, name="secret of bob", scopes=["read"])
    client = browser(ann)
    answer = client.post("/account/export")
    text = answer.content.decode()
    found = json.loads(text)
    assert answer["Content-Disposition"] == 'attachment; filename="account.json"'
    assert "no-store" in answer["Cache-Control"]
    assert found["account"]["email"] == "ann@example.com"
    assert found["account"]["organizations"][0]["organization__slug"] == "tide"
    assert "CI" in [row["name"] for row in found["account"]["tokens"]]
    assert found["registry"]["versions"][0]["package__full_name"] == NAME
    assert len(found["library"]["addresses"]) == 1
    for hidden in (secret, token.digest, key, ann.password, "bob"):
        assert hidden not in text
    tenancy.bind(tenancy.SYSTEM)
    assert AuditEntry.objects.filter(action="marketplace:user:export").count() == 1
    assert client.get("/account/export").status_code == 405
