from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import TYPE_CHECKING

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import override_settings
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, LimitReached, NotAllowed
from marketplace.domain.viewer import ANONYMOUS
from marketplace.models import AuditEntry, Notice, User
from marketplace.services.tokens import token_create
from registry.domain.states import State
from registry.models import Package, Version
from registry.services.lifecycle import version_move
from registry.services.scanning import version_scan
from reviews.domain.reasons import EFFECTS, Effect, Subject, may_decide
from reviews.domain.states import CASE_MOVES, CaseState, case_may_move
from reviews.models import Appeal, Case, CaseEvent, ClearedFinding, Decision, Incident, Rating, Report, Statement
from reviews.services.appeals import appeal_answer, appeal_make, cases_close
from reviews.services.cases import case_assign, case_open
from reviews.services.decisions import Ruling, decision_reject, decision_second, decision_take, decision_undo
from reviews.services.holds import cases_check
from reviews.services.reports import report_make
from reviews.services.statements import statements_send
from tests.reviews import world

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]

EVIDENCE = "SKILL.md line 7 sends the environment to another host."
KEY = "-----BEGIN PRIVATE KEY-----\n" + "A" * 80 + "\n-----END PRIVATE KEY-----"


@pytest.fixture
def version() -> Version:
    ann = world.person("ann")
    return world.release(world.publisher(ann), ann)


@pytest.fixture
def package(version: Version) -> Package:
    return world.package_of(version)


@pytest.fixture
def moderator() -> User:
    return world.person("mod", is_moderator=True)


def state_of(version: Version) -> str:
    version.refresh_from_db()
    return version.state


def case_of(subject: Version | Package) -> Case:
    return case_open(subject=subject, source="staff", risk=10)


def quarantined(version: Version, moderator: User) -> Decision:
    ruling = Ruling(Effect.QUARANTINE, "malware", EVIDENCE)
    return decision_take(case=case_of(version), ruling=ruling, by=world.seen(moderator))


def test_reports_of_one_thing_are_one_case(version: Version) -> None:
    bob, eve = world.person("bob"), world.person("eve")
    first = report_make(subject=version, reason="spam", text="", by=world.seen(bob))
    second = report_make(subject=version, reason="secrets", text="A key in it", by=world.seen(eve))
    assert first.case_id == second.case_id
    assert Case.objects.get().risk == 75
    with pytest.raises(Conflict) as refused:
        report_make(subject=version, reason="spam", text="again", by=world.seen(bob))
    assert refused.value.code == "MP7031"
    assert Report.objects.count() == 2


def test_bad_reports_are_refused_and_nothing_is_written(version: Version) -> None:
    bob = world.seen(world.person("bob"))
    for reason, text, by, code in (
        ("abuse", "text", bob, "MP7030"),
        ("nonsense", "text", bob, "MP7030"),
        ("malware", "bad", bob, "MP7032"),
        ("spam", "x" * 4001, bob, "MP7005"),
        ("spam", "text", ANONYMOUS, "MP9002"),
    ):
        with pytest.raises((Invalid, NotAllowed)) as refused:
            report_make(subject=version, reason=reason, text=text, by=by)
        assert refused.value.code == code
    assert not Case.objects.exists()


@override_settings(REPORTS_A_DAY=1)
def test_one_person_reports_a_limited_number_a_day(version: Version, package: Package) -> None:
    bob = world.seen(world.person("bob"))
    report_make(subject=version, reason="spam", text="", by=bob)
    with pytest.raises(LimitReached):
        report_make(subject=package, reason="spam", text="", by=bob)


def test_second_report_of_malware_stops_a_young_package(version: Version, run_jobs: Callable[[], int]) -> None:
    report_make(subject=version, reason="malware", text="It reads my keys", by=world.seen(world.person("bob")))
    assert state_of(version) == "published"
    report_make(subject=version, reason="malware", text="It reads my keys", by=world.seen(world.person("eve")))
    assert state_of(version) == "quarantined"
    assert Incident.objects.get().case == Case.objects.get()
    assert Case.objects.get().state == "open"
    run_jobs()


def test_one_report_of_a_trusted_person_is_enough_and_old_packages_wait_for_a_moderator(version: Version) -> None:
    bob = world.person("bob")
    for number in range(3):
        owner = world.person(f"owner{number}")
        other = world.release(world.publisher(owner, f"other{number}"), owner)
        Report.objects.create(case=case_of(other), reporter=bob, reason="malware", outcome=Report.Outcome.UPHELD)
    Version.objects.filter(pk=version.pk).update(published_at=timezone.now() - timedelta(days=2))
    report_make(subject=version, reason="malware", text="It reads my keys", by=world.seen(bob))
    assert state_of(version) == "published"
    Case.objects.all().update(state="closed")
    Version.objects.filter(pk=version.pk).update(published_at=timezone.now())
    report_make(subject=version, reason="malware", text="It reads my keys", by=world.seen(bob))
    assert state_of(version) == "quarantined"


@override_settings(ON_CALL_EMAILS=["oncall@example.com"])
def test_urgent_case_wakes_somebody_up(version: Version, run_jobs: Callable[[], int]) -> None:
    report_make(subject=version, reason="malware", text="It reads my keys", by=world.seen(world.person("bob")))
    run_jobs()
    assert [message.to for message in mail.outbox] == [["oncall@example.com"]]


def test_held_version_is_a_case_and_a_false_positive_is_cleared_for_good() -> None:
    ann, mod = world.person("ann"), world.person("mod", is_moderator=True)
    held = world.release(world.publisher(ann), ann, more=KEY)
    assert held.state == "held"
    case = Case.objects.get()
    assert (case.source, case.version_id) == ("hold", held.pk)
    decision_take(case=case, ruling=Ruling(Effect.APPROVE, "false-positive"), by=world.seen(mod))
    assert state_of(held) == "published"
    assert ClearedFinding.objects.get().rule == "MP3050"
    again = held.source
    Version.objects.filter(pk=held.pk).update(state="received")
    version_scan(held.pk)
    assert (state_of(held), held.source) == ("published", again)
    other = world.release(held.package.publisher, ann, "1.0.1", more=KEY)
    assert other.state == "held"


def test_nightly_check_finds_held_versions_without_a_case() -> None:
    ann = world.person("ann")
    world.release(world.publisher(ann), ann, more=KEY)
    Case.objects.all().delete()
    assert cases_check() == 1
    assert cases_check() == 0


def test_decision_moves_the_version_and_tells_everybody_concerned(
    version: Version, moderator: User, run_jobs: Callable[[], int]
) -> None:
    bob = world.person("bob")
    report_make(subject=version, reason="secrets", text="A key in it", by=world.seen(bob))
    decision = quarantined(version, moderator)
    assert state_of(version) == "quarantined"
    assert Report.objects.get().outcome == "upheld"
    run_jobs()
    statements_send(decision_id=decision.pk)
    assert sorted(message.to[0] for message in mail.outbox) == ["ann@example.com", "bob@example.com"]
    told = Statement.objects.get(recipient__email="ann@example.com").text
    assert EVIDENCE in told
    assert "another moderator" in told
    assert AuditEntry.objects.filter(action="reviews:case:decide").count() == 1


def test_only_moderators_decide(version: Version) -> None:
    case = case_of(version)
    for name in ("ann@example.com", None):
        by = world.seen(User.objects.get(email=name)) if name else ANONYMOUS
        with pytest.raises(NotAllowed):
            decision_take(case=case, ruling=Ruling(Effect.QUARANTINE, "malware", EVIDENCE), by=by)
        with pytest.raises(NotAllowed):
            case_assign(case=case, by=by)
    assert state_of(version) == "published"
    assert not Decision.objects.exists()


def test_stale_form_is_refused(version: Version, moderator: User) -> None:
    case = case_of(version)
    case_assign(case=case, by=world.seen(world.person("other", is_moderator=True)))
    ruling = Ruling(Effect.QUARANTINE, "malware", EVIDENCE)
    with pytest.raises(Conflict) as refused:
        decision_take(case=case, ruling=ruling, by=world.seen(moderator), revision=case.revision)
    assert refused.value.code == "MP7042"
    assert state_of(version) == "published"


def test_reason_effect_and_evidence_must_fit(version: Version, moderator: User) -> None:
    case, by = case_of(version), world.seen(moderator)
    for ruling, code in (
        (Ruling(Effect.QUARANTINE, "false-positive", EVIDENCE), "MP7043"),
        (Ruling(Effect.SUSPEND, "malware", EVIDENCE), "MP7043"),
        (Ruling(Effect.QUARANTINE, "malware", "short"), "MP7047"),
    ):
        with pytest.raises(Invalid) as refused:
            decision_take(case=case, ruling=ruling, by=by)
        assert refused.value.code == code
    assert state_of(version) == "published"


@override_settings(TWO_PERSON_REACH=1)
def test_many_affected_need_a_second_moderator(version: Version, package: Package, moderator: User) -> None:
    world.install(world.person("bob"), package)
    decision = quarantined(version, moderator)
    assert (state_of(version), Case.objects.get().state) == ("published", "proposed")
    with pytest.raises(NotAllowed) as refused:
        decision_second(decision=decision, by=world.seen(moderator))
    assert refused.value.code == "MP7046"
    decision_second(decision=decision, by=world.seen(world.person("other", is_moderator=True)))
    assert (state_of(version), Case.objects.get().state) == ("quarantined", "decided")


@override_settings(TWO_PERSON_REACH=1)
def test_second_moderator_may_disagree(version: Version, package: Package, moderator: User) -> None:
    world.install(world.person("bob"), package)
    decision = quarantined(version, moderator)
    decision_reject(decision=decision, by=world.seen(world.person("other", is_moderator=True)), note="It is harmless")
    assert (state_of(version), Case.objects.get().state) == ("published", "open")


def test_decision_is_undone_as_it_was(version: Version, moderator: User) -> None:
    decision = quarantined(version, moderator)
    decision_undo(decision=decision, by=world.seen(moderator), note="The wrong version")
    assert (state_of(version), Case.objects.get().state) == ("published", "open")
    with pytest.raises(Conflict) as refused:
        decision_undo(decision=decision, by=world.seen(moderator))
    assert refused.value.code == "MP7048"


def test_appeal_goes_to_another_moderator_and_restores(version: Version, moderator: User) -> None:
    ann = User.objects.get(email="ann@example.com")
    decision = quarantined(version, moderator)
    with pytest.raises(NotAllowed) as refused:
        appeal_make(decision=decision, text="I do not agree at all", by=world.seen(world.person("eve")))
    assert refused.value.code == "MP7050"
    appeal = appeal_make(decision=decision, text="The host is my own server", by=world.seen(ann))
    with pytest.raises(Conflict):
        appeal_make(decision=decision, text="The host is my own server", by=world.seen(ann))
    with pytest.raises(NotAllowed) as refused:
        appeal_answer(appeal=appeal, is_upheld=False, answer="It stays as it is", by=world.seen(moderator))
    assert refused.value.code == "MP7053"
    other = world.person("other", is_moderator=True)
    appeal_answer(appeal=appeal, is_upheld=True, answer="You are right about it", by=world.seen(other))
    assert (state_of(version), Case.objects.get().state) == ("published", "closed")
    assert Notice.objects.filter(user=ann, key__startswith="appeal:").count() == 1


def test_denied_appeal_changes_nothing_and_closes_the_case(version: Version, moderator: User) -> None:
    ann = User.objects.get(email="ann@example.com")
    appeal = appeal_make(decision=quarantined(version, moderator), text="The host is my own server", by=world.seen(ann))
    other = world.person("other", is_moderator=True)
    appeal_answer(appeal=appeal, is_upheld=False, answer="It still sends secrets away", by=world.seen(other))
    assert (state_of(version), Case.objects.get().state) == ("quarantined", "closed")
    assert Appeal.objects.get().outcome == "denied"


def test_appeal_after_six_months_is_too_late_and_the_case_closes(version: Version, moderator: User) -> None:
    decision = quarantined(version, moderator)
    Decision.objects.update(appeal_until=timezone.now() - timedelta(days=1))
    decision.refresh_from_db()
    with pytest.raises(Conflict) as refused:
        appeal_make(
            decision=decision,
            text="The host is my own server",
            by=world.seen(User.objects.get(email="ann@example.com")),
        )
    assert refused.value.code == "MP7051"
    assert cases_close() == 1
    assert Case.objects.get().state == "closed"


def test_publisher_is_suspended_its_tokens_end_and_it_comes_back(package: Package) -> None:
    moderator = world.person("senior", is_senior=True)
    owner = package.publisher.user
    assert owner is not None
    token, _ = token_create(user=owner, name="ci", scopes=["publish"])
    reader, _ = token_create(user=owner, name="read", scopes=["read"])
    case = case_open(subject=package.publisher, source="staff", risk=10)
    ruling = Ruling(Effect.SUSPEND, "compromised-account", EVIDENCE)
    decision = decision_take(case=case, ruling=ruling, by=world.seen(moderator))
    token.refresh_from_db()
    reader.refresh_from_db()
    assert (token.revoked_at is not None, reader.revoked_at) == (True, None)
    package.publisher.refresh_from_db()
    with pytest.raises(NotAllowed) as refused:
        world.release(package.publisher, owner, "1.1.0")
    assert refused.value.code == "MP3019"
    decision_undo(decision=decision, by=world.seen(moderator), note="The account is safe again")
    package.publisher.refresh_from_db()
    assert world.release(package.publisher, owner, "1.1.0").state == "published"


def test_hidden_review_leaves_the_numbers_and_comes_back_by_appeal(package: Package, moderator: User) -> None:
    review = world.reviewed(package, "bob", 1)
    case = case_open(subject=review, source="report", risk=10)
    decision = decision_take(case=case, ruling=Ruling(Effect.HIDE, "abuse", EVIDENCE), by=world.seen(moderator))
    assert Rating.objects.get().count == 0
    assert review.author is not None
    appeal = appeal_make(decision=decision, text="I insulted nobody", by=world.seen(review.author))
    other = world.person("other", is_moderator=True)
    appeal_answer(appeal=appeal, is_upheld=True, answer="Blunt, but fair enough", by=world.seen(other))
    review.refresh_from_db()
    assert (review.state, Rating.objects.get().count) == ("shown", 1)


def test_subject_that_moved_meanwhile_is_a_clear_refusal(version: Version, moderator: User) -> None:
    case = case_of(version)
    version_move(version=version, after=State.REMOVED, by=world.seen(moderator))
    with pytest.raises(Conflict) as refused:
        decision_take(case=case, ruling=Ruling(Effect.YANK, "malware", EVIDENCE), by=world.seen(moderator))
    assert refused.value.code == "MP3020"
    assert Case.objects.get().state == "open"
    assert not Decision.objects.exists()


def test_database_keeps_one_subject_and_one_active_case(version: Version, package: Package) -> None:
    due = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(version=version, package=package, subject_name="x", source="staff", due_at=due)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(subject_name="x", source="staff", due_at=due)
    case_of(version)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.create(version=version, subject_name="x", source="staff", due_at=due)


@pytest.mark.parametrize(("before", "after"), list(product(CaseState, CaseState)))
def test_case_moves_are_those_of_the_table(before: CaseState, after: CaseState) -> None:
    assert case_may_move(before, after) == (after in CASE_MOVES[before])


def test_every_effect_of_a_subject_has_a_reason_that_carries_it() -> None:
    for subject in Subject:
        for effect in EFFECTS[subject]:
            reasons = ("malware", "false-positive")
            assert any(may_decide(reason, effect, subject) for reason in reasons), (subject, effect)


def test_timeline_tells_the_whole_story(version: Version, moderator: User) -> None:
    report_make(subject=version, reason="spam", text="Seen it", by=world.seen(world.person("bob")))
    decision = quarantined(version, moderator)
    decision_undo(decision=decision, by=world.seen(moderator), note="Wrong")
    kinds = list(CaseEvent.objects.values_list("kind", flat=True))
    assert kinds == [
        "opened:report",
        "reported",
        "opened:staff",
        "incident:opened",
        "decided",
        "incident:restored",
        "undone",
    ]
