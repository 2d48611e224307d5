"""The library page: staying at a version, what was fetched where, connecting a machine."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from django.test import Client

from installs.models import Install, Library
from installs.services.downloads import Delivery, download_record
from marketplace.core import tenancy
from marketplace.domain.viewer import Scope
from marketplace.models import Token
from marketplace.services.tokens import token_authenticate
from marketplace.services.viewers import viewer_of_user
from tests.installs.npm_registry import NAME, Npm, person, version

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.models import User

pytestmark = pytest.mark.django_db
PIN = f"/library/{NAME}/pin"


@pytest.fixture
def ann(run_jobs: Callable[[], int]) -> User:
    user = person()
    registry = Npm(run_jobs, user)
    registry.publish("1.0.0")
    registry.publish("1.1.0")
    return user


def browser(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    client.post(f"/library/{NAME}/add")
    return client


def pinned() -> str | None:
    with tenancy.bound(tenancy.SYSTEM):
        install = Install.objects.select_related("pinned").get()
        return install.pinned.number if install.pinned else None


def test_package_stays_at_a_version_and_follows_again(ann: User) -> None:
    client = browser(ann)
    assert client.post(PIN, {"version": "1.0.0"}).status_code == 302
    assert pinned() == "1.0.0"
    assert "@acme/reviewer stays at 1.0.0." in client.get("/library").text
    client.post(PIN, {"version": ""})
    assert pinned() is None


@pytest.mark.usefixtures("ann")
def test_version_that_there_is_not_changes_nothing() -> None:
    client = browser()
    assert client.post(PIN, {"version": "9.9.9"}).status_code == 404
    assert pinned() is None
    assert client.get(PIN).status_code == 405


@pytest.mark.usefixtures("ann")
def test_somebody_elses_library_is_out_of_reach() -> None:
    browser()
    assert Client().post(PIN, {"version": "1.0.0"}).status_code == 404
    assert pinned() is None


def test_page_says_on_which_channels_it_was_fetched(ann: User) -> None:
    client = browser(ann)
    with tenancy.bound(tenancy.SYSTEM):
        for channel in ("npm", "git-personal", "git"):
            download_record(version=version("1.0.0"), viewer=viewer_of_user(ann), delivery=Delivery(channel, "git/2"))
    assert "fetched by git, npm" in client.get("/library").text


def test_connecting_a_machine_makes_one_token_that_only_reads(ann: User) -> None:
    response = browser(ann).post("/library/connect")
    assert response["Cache-Control"] == "private, no-store"
    (secret,) = set(re.findall(r"amp_[A-Za-z0-9_]+", response.text.replace("<wbr>", "")))
    with tenancy.bound(tenancy.SYSTEM):
        token = Token.objects.get(name="Connected machine")
        viewer = token_authenticate(secret)
    assert token.scopes == [Scope.READ]
    assert (viewer.user_id, viewer.may_use(Scope.PUBLISH)) == (ann.pk, False)
    assert "@acme:registry=http://localhost:8000/npm/" in response.text.replace("<wbr>", "")


@pytest.mark.usefixtures("ann")
def test_visitor_is_asked_to_sign_in_before_connecting() -> None:
    response = browser().post("/library/connect")
    assert response.headers["Location"] == "/accounts/login/?next=/library"
    with tenancy.bound(tenancy.SYSTEM):
        assert not Token.objects.filter(name="Connected machine").exists()
        assert Library.objects.count() == 1
