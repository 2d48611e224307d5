from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client, override_settings
from django.urls import reverse

from reviews.models import Appeal, Case, Decision, Incident
from reviews.services.appeals import appeal_make
from reviews.services.cases import case_open
from reviews.services.reports import report_make
from tests.reviews import world

if TYPE_CHECKING:
    from marketplace.models import User
    from registry.models import Version
    from tests.query_counts import SameQueries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
EVIDENCE = "SKILL.md line 7 sends the environment to another host."


def at_work(name: str, *, is_senior: bool = False) -> Client:
    user = world.person(name, is_moderator=True, is_senior=is_senior)
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return signed_in(user)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def version() -> Version:
    ann = world.person("ann")
    return world.release(world.publisher(ann), ann)


@pytest.fixture
def case(version: Version) -> Case:
    report_make(subject=version, reason="secrets", text="A key in SKILL.md", by=world.seen(world.person("bob")))
    return Case.objects.get()


def page_of(case: Case) -> str:
    return reverse("admin:reviews_case_change", args=[case.pk])


def act(client: Client, case: Case, name: str, **form: str) -> str:
    address = reverse("admin:reviews_case_act", args=[case.pk, name])
    return client.post(address, form, follow=True).content.decode()


def test_queue_is_ordered_by_risk_and_filtered_by_turn(case: Case, version: Version) -> None:
    case_open(subject=world.package_of(version), source="staff", risk=99)
    client = at_work("mod")
    queue = client.get(reverse("admin:reviews_case_changelist")).content.decode()
    assert queue.index("@acme/sql</a>") < queue.index("@acme/sql@1.0.0")
    for turn in ("active", "mine", "free", "second", "appeal", "late"):
        assert client.get(reverse("admin:reviews_case_changelist"), {"turn": turn}).status_code == 200
    act(client, case, "assign", revision="1")
    mine = client.get(reverse("admin:reviews_case_changelist"), {"turn": "mine"}).content.decode()
    assert "@acme/sql@1.0.0" in mine
    assert "@acme/sql</a>" not in mine


def test_evidence_decision_statement_appeal_and_incident_on_one_page(case: Case, version: Version) -> None:
    client = at_work("mod", is_senior=True)
    page = client.get(page_of(case)).content.decode()
    assert "A key in SKILL.md" in page
    act(client, case, "note", text="Asked the publisher")
    act(client, case, "decide", effect="quarantine", reason="malware", evidence=EVIDENCE, revision=str(case.revision))
    version.refresh_from_db()
    assert version.state == "quarantined"
    page = client.get(page_of(case)).content.decode()
    assert "Asked the publisher" in page
    assert "Close the incident" in page
    decision = Decision.objects.get()
    owner = version.package.publisher.user
    assert owner is not None
    appeal_make(decision=decision, text="It is my own server", by=world.seen(owner))
    other, appeal = at_work("other", is_senior=True), Appeal.objects.get()
    act(other, case, "answer", appeal=str(appeal.pk), outcome="upheld", text="You are right about it")
    version.refresh_from_db()
    assert version.state == "published"
    act(other, case, "incident", text="Nobody was harmed; restored.")
    assert Incident.objects.get().closed_at is not None


def test_refusal_says_why_keeps_what_was_typed_and_changes_nothing(case: Case, version: Version) -> None:
    client = at_work("mod")
    page = act(client, case, "decide", effect="quarantine", reason="false-positive", evidence="My careful words")
    assert "MP7043" in page
    assert "My careful words" in page
    assert "My careful words" not in client.get(page_of(case)).content.decode()
    stale = act(client, case, "decide", effect="yank", reason="spam", evidence=EVIDENCE, revision="77")
    assert "MP7042" in stale
    version.refresh_from_db()
    assert version.state == "published"
    assert not Decision.objects.exists()


@override_settings(TWO_PERSON_REACH=1)
def test_second_moderator_agrees_on_the_page(case: Case, version: Version) -> None:
    world.install(world.person("eve"), world.package_of(version))
    first, second = at_work("mod"), at_work("other", is_senior=True)
    act(first, case, "decide", effect="quarantine", reason="malware", evidence=EVIDENCE)
    assert "MP7046" in act(first, case, "second")
    act(second, case, "second")
    version.refresh_from_db()
    assert version.state == "quarantined"
    act(second, case, "undo", text="The wrong one")
    version.refresh_from_db()
    assert version.state == "published"


def test_others_do_not_enter_and_change_nothing(case: Case, version: Version) -> None:
    for client in (Client(), signed_in(world.person("eve"))):
        assert client.get(page_of(case)).status_code in {302, 403}
        act(client, case, "decide", effect="remove", reason="malware", evidence=EVIDENCE)
    client = at_work("mod")
    assert client.get(reverse("admin:reviews_case_act", args=[case.pk, "decide"])).status_code == 405
    assert client.post(reverse("admin:reviews_case_act", args=[case.pk, "nothing"])).status_code == 404
    version.refresh_from_db()
    assert version.state == "published"
    assert not Decision.objects.exists()


def test_queue_asks_as_often_for_ten_as_for_one(version: Version, assert_same_queries: SameQueries) -> None:
    client, made = at_work("mod"), iter(range(1000))
    owner = version.package.publisher.user
    assert owner is not None

    def grow(count: int) -> None:
        for _ in range(count):
            package = world.package_of(world.release(version.package.publisher, owner, name=f"p{next(made)}"))
            case_open(subject=package, source="staff", risk=5)

    assert_same_queries(grow, lambda: client.get(reverse("admin:reviews_case_changelist")))
