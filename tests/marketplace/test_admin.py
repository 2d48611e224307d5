from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.models import AuditEntry, OutboxEntry, Token, User
from marketplace.services.audit import audit
from marketplace.services.tokens import token_create
from registry.models import Version
from tests.installs.npm_registry import NAME, Npm, version
from tests.marketplace.people import browser, organization, person

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.db.models import Model
    from django.test import Client

    from tests.query_counts import SameQueries

pytestmark = pytest.mark.django_db
OURS = ["marketplace", "registry", "payments", "installs", "reviews"]
MODELS = [model for label in OURS for model in apps.get_app_config(label).get_models()]
FOR_MODERATORS = ["user", "organization", "auditentry", "package", "version", "publisher", "review", "case"]


def staff(name: str = "root", **fields: Any) -> Client:
    """A browser of a staff member with a second factor."""
    user = person(name, **({"is_staff": True, "is_superuser": True, "is_moderator": True} | fields))
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return browser(user)


def listing(model: type[Model]) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


def act(client: Client, model: type[Model], action: str, *rows: Model, reason: str = "") -> str:
    form = {"action": action, "_selected_action": [str(row.pk) for row in rows], "reason": reason, "index": "0"}
    return client.post(listing(model), form, follow=True).content.decode()


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_model_is_in_the_administration_to_read(model: type[Model]) -> None:
    client = staff()
    answer = client.get(listing(model), {"q": "x"})
    assert answer.status_code == 200
    assert client.get(listing(model)).status_code == 200
    assert client.get(listing(model) + "add/").status_code == 403
    shown = admin.site._registry[model]
    assert shown.list_display


class TestEntering:
    def test_strangers_are_asked_to_sign_in(self) -> None:
        answer = browser().get("/admin/", follow=True)
        assert answer.redirect_chain[-1][0] == "/accounts/login/?next=/admin/"

    def test_staff_without_a_second_factor_are_led_to_set_one_up(self) -> None:
        client = browser(person("root", is_staff=True, is_superuser=True))
        answer = client.get("/admin/", follow=True)
        assert answer.redirect_chain[-1][0] == "/accounts/2fa/"
        assert "The administration opens once you have" in answer.content.decode()
        assert client.get(listing(User), follow=True).redirect_chain[-1][0] == "/accounts/2fa/"

    @pytest.mark.parametrize("fields", [{}, {"is_moderator": True}])
    def test_others_are_refused_whatever_factor_they_have(self, fields: dict[str, bool]) -> None:
        client = staff("bob", is_staff=False, is_superuser=False, **({"is_moderator": False} | fields))
        assert client.get("/admin/", follow=True).status_code == 403
        assert client.get(listing(User), follow=True).status_code == 403

    def test_the_policy_is_of_its_own_and_of_one_origin(self) -> None:
        answer = staff().get("/admin/")
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "http" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "no-store" in answer["Cache-Control"]
        assert "unsafe" not in browser().get("/help")["Content-Security-Policy"]

    def test_moderators_see_what_they_need_and_no_more(self) -> None:
        client = staff("mod", is_superuser=False)
        found = {model._meta.model_name: client.get(listing(model)).status_code for model in MODELS}
        assert {found[name] for name in FOR_MODERATORS} == {200}
        assert {found[name] for name in ("token", "outboxentry", "order", "personaladdress", "notice")} == {403}


def test_private_rows_of_every_tenant_are_shown_and_nothing_of_it_stays_bound(run_jobs: Callable[[], int]) -> None:
    Npm(run_jobs, person("ann")).publish("1.0.0")
    with tenancy.bound(tenancy.SYSTEM):
        version("1.0.0").package.versions.update(is_private=True, owner=User.objects.get(email="ann@example.com"))
    assert "1.0.0" in staff().get(listing(Version)).content.decode()
    assert tenancy.current.get() == tenancy.PUBLIC
    assert not Version.objects.exists()


class TestVersions:
    def test_a_moderator_moves_a_version_with_a_reason(self, run_jobs: Callable[[], int]) -> None:
        Npm(run_jobs, person("ann")).publish("1.0.0")
        client = staff("mod", is_superuser=False)
        assert "a reason is needed" in act(client, Version, "quarantine", version("1.0.0"))
        assert version("1.0.0").state == "published"
        act(client, Version, "quarantine", version("1.0.0"), reason="looks like a worm")
        assert (version("1.0.0").state, version("1.0.0").state_reason) == ("quarantined", "looks like a worm")
        act(client, Version, "publish", version("1.0.0"), reason="it was none")
        assert version("1.0.0").state == "published"
        acts = AuditEntry.objects.filter(subject_name=f"{NAME}@1.0.0", actor_name="Mod").order_by("pk")
        assert [entry.data["after"] for entry in acts] == ["quarantined", "published"]

    def test_a_move_that_the_table_does_not_have_is_refused_with_its_code(self, run_jobs: Callable[[], int]) -> None:
        Npm(run_jobs, person("ann")).publish("1.0.0")
        client = staff()
        assert "MP3020" in act(client, Version, "publish", version("1.0.0"), reason="again")
        assert version("1.0.0").state == "published"

    def test_no_field_is_edited(self, run_jobs: Callable[[], int]) -> None:
        Npm(run_jobs, person("ann")).publish("1.0.0")
        page = f"{listing(Version)}{version('1.0.0').pk}/change/"
        client = staff()
        assert client.get(page).status_code == 200
        assert client.post(page, {"state": "removed"}).status_code == 403
        assert client.post(page.replace("change", "delete"), {"post": "yes"}).status_code == 403
        assert version("1.0.0").state == "published"


class TestPeople:
    def test_a_person_is_suspended_and_let_back(self) -> None:
        ann = person("ann")
        theirs = browser(ann)
        assert theirs.get("/account/profile").status_code == 200
        client = staff("mod", is_superuser=False)
        act(client, User, "suspend", ann, reason="spam")
        assert theirs.get("/account/profile").status_code == 302
        ann.refresh_from_db()
        assert ann.state == "suspended"
        act(client, User, "restore", ann, reason="a mistake")
        ann.refresh_from_db()
        assert ann.state == "active"
        acts = AuditEntry.objects.filter(subject_id=ann.public_id).order_by("pk")
        assert [(entry.action, entry.data) for entry in acts] == [
            ("marketplace:user:suspend", {"reason": "spam"}),
            ("marketplace:user:restore", {"reason": "a mistake"}),
        ]

    def test_nobody_suspends_an_administrator_or_without_a_reason(self) -> None:
        root, ann = person("boss", is_superuser=True), person("ann")
        client = staff("mod", is_superuser=False)
        assert "MP9003" in act(client, User, "suspend", root, reason="coup")
        assert "MP9004" in act(client, User, "suspend", ann)
        assert set(User.objects.values_list("state", flat=True)) == {"active"}

    def test_secrets_are_not_shown(self) -> None:
        ann = person("ann")
        token, secret = token_create(user=ann, name="CI", scopes=["read"])
        client = staff()
        text = client.get(f"{listing(Token)}{token.pk}/change/").content.decode()
        text += client.get(f"{listing(User)}{ann.pk}/change/").content.decode()
        for hidden in (secret, token.digest, ann.password):
            assert hidden not in text


class TestOutbox:
    def test_given_up_work_is_tried_again(self) -> None:
        past = timezone.now() - timedelta(hours=1)
        gone = OutboxEntry.objects.create(job="marketplace.mail_send", attempts=8, given_up_at=past, error="boom")
        live = OutboxEntry.objects.create(job="marketplace.mail_send", attempts=2)
        act(staff(), OutboxEntry, "replay", gone, live)
        gone.refresh_from_db()
        live.refresh_from_db()
        assert (gone.given_up_at, gone.attempts, live.attempts) == (None, 1, 2)
        assert AuditEntry.objects.filter(action="marketplace:outbox:replay").count() == 1


def test_lists_ask_as_many_queries_for_ten_rows_as_for_one(assert_same_queries: SameQueries) -> None:
    client, ann = staff(), person("ann")
    count = iter(range(1000))

    def grow(rows: int) -> None:
        for _ in range(rows):
            at = next(count)
            organization(person(f"p{at}"), f"tide-{at}")
            token_create(user=ann, name="t", scopes=["read"])
            audit(Action.USER_UPDATE, by=SYSTEM, kind="user")

    models = [model for model in MODELS if model._meta.model_name in {"token", "membership", "auditentry", "user"}]

    def ask() -> None:
        for model in models:
            assert client.get(listing(model)).status_code == 200

    assert_same_queries(grow, ask)


def test_registry_lists_ask_as_many_queries_for_ten_versions_as_for_one(
    run_jobs: Callable[[], int], assert_same_queries: SameQueries
) -> None:
    npm, client, count = Npm(run_jobs, person("ann")), staff(), iter(range(100))

    def grow(rows: int) -> None:
        for _ in range(rows):
            npm.publish(f"1.{next(count)}.0")

    names = {"package", "version", "versionfile", "versionartifact", "scan", "versionfinding", "disttag", "artifact"}
    models = [model for model in MODELS if model._meta.model_name in names]

    def ask() -> None:
        for model in models:
            assert client.get(listing(model)).status_code == 200

    assert_same_queries(grow, ask)
