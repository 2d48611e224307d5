"""Every act of moderation, tried by everybody from an outsider to an administrator."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from marketplace.core.errors import Conflict, NotAllowed
from marketplace.domain.viewer import ANONYMOUS
from marketplace.models import AuditEntry, User
from marketplace.services.appointing import Duty, user_appoint
from registry.models import Version
from reviews.domain.powers import MAY, Act, Rank, rank_of
from reviews.domain.reasons import Effect
from reviews.models import Appeal, Case, CaseEvent, Decision, SavedFilter
from reviews.services.appeals import appeal_answer, appeal_make
from reviews.services.bulk import bulk_take, bulk_try, bulk_undo
from reviews.services.cases import case_assign, case_hand_over, case_write_down
from reviews.services.decisions import Ruling, decision_reject, decision_second, decision_take, decision_undo
from reviews.services.filters import filter_save
from reviews.services.incident_news import incident_export, incident_tell
from reviews.services.incidents import incident_close
from reviews.services.reports import report_make
from tests.reviews import world

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]

EVIDENCE = "SKILL.md line 7 sends the environment to another host."
STOP = Ruling(Effect.QUARANTINE, "malware", EVIDENCE)
GONE = Ruling(Effect.REMOVE, "malware", EVIDENCE)


class Stage:
    """A reported version, a colleague who has proposed or decided something, and everybody who may try."""

    def __init__(self) -> None:
        ann = world.person("ann")
        self.version: Version = world.release(world.publisher(ann), ann)
        bob = world.person("bob")
        report_make(subject=self.version, reason="secrets", text="A key in it", by=world.seen(bob))
        self.case = Case.objects.get()
        self.colleague = world.seen(world.person("colleague", is_senior=True))
        self.third = world.seen(world.person("third", is_moderator=True))
        administrator = User.objects.create_superuser("root@example.com", "x", is_moderator=True)
        self.people: dict[str, Viewer] = {
            "nobody": ANONYMOUS,
            "outsider": world.seen(world.person("eve")),
            "publisher": world.seen(ann),
            "reporter": world.seen(bob),
            "moderator": world.seen(world.person("mod", is_moderator=True)),
            "senior": world.seen(world.person("senior", is_senior=True)),
            "administrator": world.seen(administrator),
        }

    def decided(self, ruling: Ruling = STOP) -> Decision:
        return decision_take(case=self.case, ruling=ruling, by=self.colleague)

    def appealed(self) -> Appeal:
        return appeal_make(decision=self.decided(), text="It is my own server", by=self.people["publisher"])

    def proposed(self, ruling: Ruling) -> Decision:
        return decision_take(case=self.case, ruling=ruling, by=self.third)


Ready = Callable[[Stage], Any]
Try = Callable[[Any, "Viewer"], Any]
ALL_RANKS = "moderator senior administrator"
SENIORS = "senior administrator"
ACTS: dict[str, tuple[str, Ready, Try]] = {
    "take": (ALL_RANKS, lambda s: s.case, lambda case, by: case_assign(case=case, by=by)),
    "note": (ALL_RANKS, lambda s: s.case, lambda case, by: case_write_down(case=case, text="Asked them", by=by)),
    "save a view": (ALL_RANKS, lambda s: s.case, lambda _, by: filter_save(name="mine", query="turn=mine", by=by)),
    "decide": (ALL_RANKS, lambda s: s.case, lambda case, by: decision_take(case=case, ruling=STOP, by=by)),
    "remove": (ALL_RANKS, lambda s: s.case, lambda case, by: decision_take(case=case, ruling=GONE, by=by)),
    "second a removal": (
        SENIORS,
        lambda s: s.proposed(GONE),
        lambda decision, by: decision_second(decision=decision, by=by),
    ),
    "disagree": (
        ALL_RANKS,
        lambda s: s.proposed(GONE),
        lambda decision, by: decision_reject(decision=decision, by=by, note="No"),
    ),
    "undo somebody else's": (
        SENIORS,
        lambda s: s.decided(),
        lambda decision, by: decision_undo(decision=decision, by=by, note="The wrong version"),
    ),
    "answer an appeal": (
        ALL_RANKS,
        lambda s: s.appealed(),
        lambda appeal, by: appeal_answer(appeal=appeal, is_upheld=True, answer="You are right", by=by),
    ),
    "hand over": (
        SENIORS,
        lambda s: s.case,
        lambda case, by: case_hand_over(case=case, to=User.objects.get(email="third@example.com"), by=by),
    ),
    "try many": (SENIORS, lambda s: s.case, lambda case, by: bulk_try(cases=[case], ruling=STOP, by=by)),
    "decide many": (SENIORS, lambda s: s.case, lambda case, by: bulk_take(cases=[case], ruling=STOP, by=by)),
    "undo many": (
        SENIORS,
        lambda s: bulk_take(cases=[s.case], ruling=STOP, by=s.colleague)[0],
        lambda batch, by: bulk_undo(batch=batch, by=by, note="All wrong"),
    ),
    "tell who has it": (SENIORS, lambda s: s.decided().case, lambda case, by: incident_tell(case=case, by=by)),
    "export the incident": (
        ALL_RANKS,
        lambda s: s.decided().case,
        lambda case, by: incident_export(case=case, by=by),
    ),
    "close the incident": (
        SENIORS,
        lambda s: s.decided().case,
        lambda case, by: incident_close(case=case, report="Nobody was harmed", by=by),
    ),
    "make a moderator": (
        "administrator",
        lambda _: User.objects.get(display_name="Eve"),
        lambda user, by: user_appoint(user=user, duty=Duty.MODERATOR, by=by),
    ),
}


def everything() -> tuple[Any, ...]:
    """All that an act of moderation could have changed."""
    return (
        list(Case.objects.order_by("pk").values_list("state", "revision", "assignee")),
        list(Decision.objects.order_by("pk").values_list("effect", "effective_at", "undone_by", "seconded_by")),
        list(Appeal.objects.order_by("pk").values_list("outcome")),
        CaseEvent.objects.count(),
        SavedFilter.objects.count(),
        AuditEntry.objects.count(),
        list(User.objects.order_by("pk").values_list("is_moderator", "is_senior_moderator", "is_staff")),
        list(Version.objects.order_by("pk").values_list("state")),
    )


@pytest.mark.parametrize("name", ACTS)
def test_each_act_is_for_those_whose_rank_allows_it_and_changes_nothing_for_others(name: str) -> None:
    allowed, ready, attempt = ACTS[name]
    stage = Stage()
    subject = ready(stage)
    for who, by in stage.people.items():
        if who in allowed.split():
            continue
        before = everything()
        with pytest.raises(NotAllowed) as refused:
            attempt(subject, by)
        assert refused.value.code in {"MP7044", "MP7049", "MP9003"}, (name, who)
        assert everything() == before, (name, who)
    first = allowed.split()[0]
    before = everything()
    attempt(subject, stage.people[first])
    assert (everything() == before) == (name == "try many"), (name, first)


def test_moderators_removal_is_only_proposed_whatever_the_reach() -> None:
    stage = Stage()
    decision = stage.proposed(GONE)
    assert (decision.effective_at, Case.objects.get().state) == (None, "proposed")
    decision_second(decision=decision, by=stage.people["senior"])
    assert Case.objects.get().state == "decided"
    stage.version.refresh_from_db()
    assert stage.version.state == "removed"


def test_who_decided_may_undo_it_and_a_rejected_proposal_cannot_be_seconded() -> None:
    stage = Stage()
    mod = stage.people["moderator"]
    decision_undo(decision=decision_take(case=stage.case, ruling=STOP, by=mod), by=mod, note="The wrong version")
    first = stage.proposed(GONE)
    decision_reject(decision=first, by=mod, note="No")
    second = stage.proposed(GONE)
    with pytest.raises(Conflict):
        decision_second(decision=first, by=stage.people["senior"])
    assert decision_second(decision=second, by=stage.people["senior"]).effective_at is not None


def test_each_rank_may_all_that_the_one_below_may() -> None:
    ladder = [Rank.NONE, Rank.MODERATOR, Rank.SENIOR, Rank.ADMINISTRATOR]
    assert all(MAY[low] < MAY[high] for low, high in pairwise(ladder))
    assert MAY[Rank.ADMINISTRATOR] == set(Act)
    assert rank_of(ANONYMOUS) == Rank.NONE


def test_moderators_are_made_and_unmade_with_their_way_into_the_administration() -> None:
    stage = Stage()
    root, eve = stage.people["administrator"], User.objects.get(email="eve@example.com")
    for duty, flags in (
        (Duty.SENIOR, (True, True, True)),
        (Duty.MODERATOR, (True, False, True)),
        (Duty.NONE, (False, False, False)),
    ):
        user_appoint(user=eve, duty=duty, by=root)
        eve.refresh_from_db()
        assert (eve.is_moderator, eve.is_senior_moderator, eve.is_staff) == flags
    with pytest.raises(NotAllowed):
        user_appoint(user=User.objects.get(email="root@example.com"), duty=Duty.NONE, by=root)
