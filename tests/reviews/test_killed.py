"""A worker that dies in the middle of a decision, or of telling people: the effect happens once, each is told once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core import mail

from marketplace.models import AuditEntry, Notice, OutboxEntry, User
from registry.models import Advisory, Version
from reviews.domain.reasons import Effect
from reviews.models import Case, Decision, Incident, Statement
from reviews.services import decisions, effects, incident_news, statements
from reviews.services.cases import case_open
from reviews.services.decisions import Ruling, decision_take
from reviews.services.incident_news import decided_tell
from reviews.services.statements import statements_send
from tests.reviews import world

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
EVIDENCE = "SKILL.md line 7 sends the environment to another host."
POINTS = (
    (effects, "version_move"),
    (decisions, "statements_write"),
    (decisions, "case_note"),
    (decisions, "audit"),
    (decisions, "emit"),
)
RULINGS = (
    Ruling(Effect.QUARANTINE, "exfiltration", EVIDENCE),
    Ruling(Effect.YANK, "spam", EVIDENCE),
    Ruling(Effect.REMOVE, "malware", EVIDENCE),
)


class Killed(BaseException):
    """What a process that is gone would be: nothing catches it."""


def dies(monkeypatch: pytest.MonkeyPatch, module: object, name: str, *, after: bool) -> None:
    """Let the process end once, before or after the named step."""
    real = getattr(module, name)
    left = [True]

    def step(*given: object, **named: object) -> object:
        if left and not after:
            left.clear()
            raise Killed
        found = real(*given, **named)
        if left:
            left.clear()
            raise Killed
        return found

    monkeypatch.setattr(module, name, step)


@pytest.fixture
def version() -> Version:
    ann = world.person("ann")
    return world.release(world.publisher(ann), ann)


@pytest.mark.parametrize("after", [False, pytest.param(True, marks=pytest.mark.long)])
@pytest.mark.parametrize(("module", "name"), POINTS, ids=[name for _module, name in POINTS])
def test_decision_that_dies_half_way_leaves_nothing_and_happens_once_when_taken_again(
    version: Version, monkeypatch: pytest.MonkeyPatch, module: object, name: str, *, after: bool
) -> None:
    senior = world.seen(world.person("senior", is_senior=True))
    for number, ruling in enumerate(RULINGS):
        subject = (
            version
            if not number
            else world.release(version.package.publisher, User.objects.get(email="ann@example.com"), name=f"p{number}")
        )
        case = case_open(subject=subject, source="staff", risk=10)
        counted = (Decision.objects.count(), Statement.objects.count(), AuditEntry.objects.count())
        with monkeypatch.context() as patch:
            dies(patch, module, name, after=after)
            with pytest.raises(Killed):
                decision_take(case=case, ruling=ruling, by=senior)
        subject.refresh_from_db()
        assert (subject.state, Case.objects.get(pk=case.pk).state) == ("published", "open")
        assert (Decision.objects.count(), Statement.objects.count(), AuditEntry.objects.count()) == counted
        decision_take(case=case, ruling=ruling, by=senior)
        assert Statement.objects.filter(decision__case=case).count() == 1
    assert Decision.objects.count() == len(RULINGS)
    assert Incident.objects.count() == 1
    assert sorted(Advisory.objects.values_list("severity", flat=True)) == ["critical", "critical"]


@pytest.mark.parametrize("after", [False, True])
def test_telling_that_dies_half_way_tells_everybody_once(
    version: Version, monkeypatch: pytest.MonkeyPatch, run_jobs: Callable[[], int], *, after: bool
) -> None:
    world.install(world.person("bob"), world.package_of(version))
    case = case_open(subject=version, source="staff", risk=10)
    senior = world.seen(world.person("senior", is_senior=True))
    decision = decision_take(case=case, ruling=RULINGS[0], by=senior)
    with monkeypatch.context() as patch:
        dies(patch, statements, "notice_send", after=after)
        dies(patch, incident_news, "notice_send", after=after)
        with pytest.raises(Killed):
            statements_send(decision_id=decision.pk)
        with pytest.raises(Killed):
            decided_tell(decision_id=decision.pk)
    assert not Notice.objects.exists()
    run_jobs()
    statements_send(decision_id=decision.pk)
    decided_tell(decision_id=decision.pk)
    run_jobs()
    assert sorted(message.to[0] for message in mail.outbox) == ["ann@example.com", "bob@example.com"]
    assert Statement.objects.filter(sent_at=None).count() == 0
    assert not OutboxEntry.objects.filter(job__startswith="reviews.", given_up_at__isnull=False).exists()
