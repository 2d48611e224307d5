"""What follows when a version is stopped: the incident, the advisory, who is told what, and how it is taken back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from django.core import mail

from installs.models import Library
from marketplace.domain.roles import Role
from marketplace.models import AuditEntry, Membership, Notice, Organization, User
from marketplace.services.tokens import token_create
from marketplace.services.viewers import viewer_of_user
from registry.domain.advisories import MOST, range_with, range_without
from registry.domain.states import State
from registry.models import Advisory, Package, Version
from registry.services.lifecycle import version_move
from reviews.domain.reasons import Effect
from reviews.models import Case, Decision, Incident, Statement
from reviews.services.cases import case_open
from reviews.services.decisions import Ruling, decision_take, decision_undo
from reviews.services.extent import extent_of
from reviews.services.incident_news import incident_export, incident_tell
from reviews.services.incidents import incident_close
from reviews.services.reports import report_make
from tests.reviews import world

if TYPE_CHECKING:
    from collections.abc import Callable

    from marketplace.domain.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
EVIDENCE = "SKILL.md line 7 sends the environment to another host."


@pytest.fixture
def version() -> Version:
    ann = world.person("ann")
    return world.release(world.publisher(ann), ann)


@pytest.fixture
def senior() -> Viewer:
    return world.seen(world.person("senior", is_senior=True))


def stopped(subject: Version | Package, by: Viewer, reason: str = "exfiltration") -> Decision:
    case = case_open(subject=subject, source="staff", risk=10)
    return decision_take(case=case, ruling=Ruling(Effect.QUARANTINE, reason, EVIDENCE), by=by)


def test_quarantine_warns_in_audits_and_taking_it_back_ends_the_warning(version: Version, senior: Viewer) -> None:
    decision = stopped(version, senior)
    advisory = Advisory.objects.get()
    assert (advisory.vulnerable, advisory.severity, advisory.withdrawn_at) == ("1.0.0", "critical", None)
    assert advisory.reference == Case.objects.get().public_id
    decision_undo(decision=decision, by=senior, note="It was the test database")
    advisory.refresh_from_db()
    assert advisory.withdrawn_at is not None
    acts = list(AuditEntry.objects.filter(subject_kind="advisory").order_by("pk").values_list("action", flat=True))
    assert acts == ["registry:advisory:publish", "registry:advisory:change"]


def test_whole_package_is_one_advisory_that_narrows_version_by_version(version: Version, senior: Viewer) -> None:
    owner = version.package.publisher.user
    assert owner is not None
    world.release(version.package.publisher, owner, "1.1.0")
    stopped(world.package_of(version), senior)
    assert Advisory.objects.get().vulnerable == "1.0.0 || 1.1.0"
    assert Incident.objects.count() == 1
    again = Version.objects.get(number="1.1.0")
    version_move(version=again, after=State.PUBLISHED, by=senior)
    assert Advisory.objects.get().vulnerable == "1.0.0"


def test_spam_is_stopped_without_a_warning_and_what_was_never_public_too(version: Version, senior: Viewer) -> None:
    stopped(version, senior, reason="spam")
    assert Incident.objects.exists()
    assert not Advisory.objects.exists()


def test_quarantine_past_the_queue_opens_a_case_and_its_incident(version: Version, senior: Viewer) -> None:
    version_move(version=version, after=State.QUARANTINED, by=senior, reason="looks like a worm")
    case = Case.objects.get()
    assert (case.source, case.state, case.version_id) == ("staff", "open", version.pk)
    assert Incident.objects.get().case == case
    assert Advisory.objects.get().severity == "high"


def test_whoever_has_it_is_told_once_what_to_replace_and_again_when_it_was_an_error(
    version: Version, senior: Viewer, run_jobs: Callable[[], int]
) -> None:
    version.capabilities = [capability("env", "secrets", "GITHUB_TOKEN"), capability("net", "network", "pbin.example")]
    version.save(update_fields=["capabilities"])
    world.install(world.person("bob"), world.package_of(version))
    team = Organization.objects.create(slug="team", display_name="Team")
    Membership.objects.create(organization=team, user=world.person("olga"), role=Role.OWNER)
    Membership.objects.create(organization=team, user=world.person("max"), role=Role.MEMBER)
    library = Library.objects.create(organization=team)
    library.installs.create(package=version.package)
    decision = stopped(version, senior)
    run_jobs()
    run_jobs()
    told = Notice.objects.filter(key__startswith="incident:")
    assert set(told.values_list("user__email", flat=True)) == {"bob@example.com", "olga@example.com"}
    text = told.get(user__email="bob@example.com").text
    assert "Replace these credentials, since it could read them: GITHUB_TOKEN." in text
    assert "pbin.example" in text
    assert "Sessions that are running" in text
    assert Incident.objects.get().told_count == 2
    decision_undo(decision=decision, by=senior, note="It was the test database")
    run_jobs()
    assert Notice.objects.filter(user__email="bob@example.com", title__contains="taken back").count() == 1
    assert sum("bob@example.com" in message.to for message in mail.outbox) == 2


def capability(kind: str, family: str, what: str) -> dict[str, object]:
    return {
        "kind": kind,
        "form": "host" if kind == "net" else "name",
        "what": what,
        "detail": "",
        "family": family,
        "reach": "limited",
        "autonomy": "asks-first",
        "places": [{"path": "SKILL.md", "line": 7}],
    }


def test_people_concerned_are_told_when_a_decision_is_taken_back(
    version: Version, senior: Viewer, run_jobs: Callable[[], int]
) -> None:
    decision_undo(decision=stopped(version, senior), by=senior, note="It was the test database")
    run_jobs()
    texts = list(Statement.objects.filter(recipient__email="ann@example.com").order_by("pk").values_list("text"))
    assert len(texts) == 2
    assert "was taken back" in texts[1][0]
    assert "It was the test database" in texts[1][0]
    assert [message.to for message in mail.outbox if "taken back" in message.subject] == [["ann@example.com"]]


def test_automatic_quarantine_is_told_at_once_with_when_a_person_looks(
    version: Version, run_jobs: Callable[[], int]
) -> None:
    for name in ("bob", "eve"):
        report_make(subject=version, reason="malware", text="It reads my keys", by=world.seen(world.person(name)))
    run_jobs()
    (letter,) = [message for message in mail.outbox if message.to == ["ann@example.com"]]
    assert "is in quarantine until a moderator has looked" in letter.subject
    assert "A moderator looks at it by" in str(letter.body)


def test_other_versions_by_the_same_token_are_named(version: Version, senior: Viewer) -> None:
    owner = version.package.publisher.user
    assert owner is not None
    token, _secret = token_create(user=owner, name="ci", scopes=["publish"])
    by = viewer_of_user(owner, token=token)
    made = {name: world.release(version.package.publisher, owner, name=name, viewer=by) for name in ("one", "two")}
    extent = extent_of(stopped(made["one"], senior).case)
    assert extent is not None
    assert extent.by_token == ["@acme/two@1.0.0"]
    assert extent.by_person == ["@acme/sql@1.0.0"]


def test_export_and_closing_report_hold_the_whole_story(version: Version, senior: Viewer) -> None:
    case = stopped(version, senior).case
    incident_tell(case=case, by=senior)
    closed = incident_close(case=case, report="The host was taken over; nobody was harmed.", by=senior)
    assert "Stopped: 1.0.0" in closed.report
    assert closed.report.endswith("nobody was harmed.")
    rows = [json.loads(line) for line in incident_export(case=Case.objects.get(), by=senior)]
    assert [row["type"] for row in rows[:3]] == ["incident", "extent", "limits"]
    assert {"event", "decision", "statement"} <= {row["type"] for row in rows}
    assert rows[1]["stopped"] == ["1.0.0"]
    assert rows[1]["user_ids"] is None


def test_ranges_of_advisories_grow_shrink_and_stay_within_the_column() -> None:
    assert range_with("", "1.0.0") == "1.0.0"
    assert range_with("1.10.0", "1.2.0") == "1.2.0 || 1.10.0"
    assert range_without("1.2.0 || 1.10.0", "1.2.0") == "1.10.0"
    assert range_without("1.2.0", "1.2.0") == ""
    wanted = ""
    for number in range(400):
        wanted = range_with(wanted, f"1.0.{number}")
    assert wanted == "<=1.0.399"
    assert len(wanted) <= MOST
    assert range_with(wanted, "2.0.0") == "<=2.0.0"
    assert range_without(wanted, "1.0.1") == wanted


def test_reports_are_told_to_nobody_before_they_are_decided(version: Version, run_jobs: Callable[[], int]) -> None:
    report_make(subject=version, reason="spam", text="", by=world.seen(world.person("bob")))
    run_jobs()
    assert not Notice.objects.filter(user=User.objects.get(email="ann@example.com")).exists()
