"""One ruling for many cases: tried without a trace, taken case by case, taken back as a whole; on screen too."""

from __future__ import annotations

import pytest
from django.test import override_settings
from django.urls import reverse

from marketplace.core.errors import Invalid, NotFound
from marketplace.core.ids import uuid7
from marketplace.models import AuditEntry, OutboxEntry
from registry.models import Version
from reviews.domain.reasons import Effect
from reviews.models import Case, Decision, SavedFilter
from reviews.services.bulk import MOST, bulk_take, bulk_try, bulk_undo
from reviews.services.cases import case_open
from reviews.services.decisions import Ruling, decision_take
from tests.reviews import world
from tests.reviews.test_workplace import at_work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]
EVIDENCE = "Copied from another package word by word."
YANK = Ruling(Effect.YANK, "spam", EVIDENCE)


@pytest.fixture
def cases() -> list[Case]:
    ann = world.person("ann")
    owner = world.publisher(ann)
    versions = [world.release(owner, ann, name=f"p{number}") for number in range(3)]
    made = [case_open(subject=version, source="staff", risk=number) for number, version in enumerate(versions)]
    return [*made, case_open(subject=owner, source="staff", risk=9)]


def states() -> list[str]:
    return list(Version.objects.order_by("pk").values_list("state", flat=True))


def test_trying_says_what_would_happen_and_leaves_no_trace(cases: list[Case]) -> None:
    senior = world.seen(world.person("senior", is_senior=True))
    before = (AuditEntry.objects.count(), OutboxEntry.objects.count())
    outcomes = bulk_try(cases=cases, ruling=YANK, by=senior)
    assert [bool(outcome.refusal) for outcome in outcomes] == [False, False, False, True]
    assert [outcome.statements for outcome in outcomes] == [1, 1, 1, 0]
    assert states() == ["published"] * 3
    assert not Decision.objects.exists()
    assert (AuditEntry.objects.count(), OutboxEntry.objects.count()) == before
    assert set(Case.objects.values_list("state", "revision")) == {("open", 1)}


def test_what_was_tried_happens_case_by_case_and_is_taken_back_as_a_whole(cases: list[Case]) -> None:
    senior = world.seen(world.person("senior", is_senior=True))
    decision_take(case=cases[0], ruling=YANK, by=senior)
    batch, outcomes = bulk_take(cases=cases, ruling=YANK, by=senior)
    assert [bool(outcome.refusal) for outcome in outcomes] == [True, False, False, True]
    assert states() == ["yanked"] * 3
    assert Decision.objects.filter(batch=batch).count() == 2
    bulk_undo(batch=batch, by=senior, note="It was the original")
    assert states() == ["yanked", "published", "published"]
    with pytest.raises(NotFound):
        bulk_undo(batch=batch, by=senior, note="Again")
    with pytest.raises(NotFound):
        bulk_undo(batch=uuid7(), by=senior, note="Unknown")
    with pytest.raises(Invalid) as refused:
        bulk_try(cases=cases * MOST, ruling=YANK, by=senior)
    assert refused.value.code == "MP7057"


@override_settings(ZEAL_ALLOWLIST=[{"model": "*", "field": "*"}])  # each case is decided by itself
def test_list_leads_to_a_trial_a_decision_and_its_undoing(cases: list[Case]) -> None:
    client = at_work("senior", is_senior=True)
    chosen = [str(case.pk) for case in cases[:2]]
    listed = reverse("admin:reviews_case_changelist")
    answer = client.post(listed, {"action": "decide", "_selected_action": chosen}, follow=True)
    assert "Decide 2 cases" in answer.content.decode()
    form = {"cases": ",".join(chosen), "effect": "yank", "reason": "spam", "evidence": EVIDENCE}
    tried = client.post(reverse("admin:reviews_case_bulk"), form | {"try": "1"}).content.decode()
    assert "What would happen" in tried
    assert EVIDENCE in tried
    assert states() == ["published"] * 3
    taken = client.post(reverse("admin:reviews_case_bulk"), form | {"take": "1"}, follow=True)
    assert states() == ["yanked", "yanked", "published"]
    client.post(taken.redirect_chain[-1][0], {"text": "It was the original"})
    assert states() == ["published"] * 3


def test_plain_moderators_see_no_bulk_decision_and_cannot_open_it(cases: list[Case]) -> None:
    client = at_work("mod")
    page = client.get(reverse("admin:reviews_case_changelist")).content.decode()
    assert "Decide these cases" not in page
    assert client.get(reverse("admin:reviews_case_bulk"), {"cases": str(cases[0].pk)}).status_code == 403
    assert client.post(reverse("admin:reviews_case_bulk_result", args=[uuid7()])).status_code == 403


@pytest.mark.usefixtures("cases")
def test_views_are_kept_by_name_for_oneself_and_forgotten() -> None:
    client, other = at_work("mod"), at_work("other")
    save = reverse("admin:reviews_case_view_save")
    client.post(save, {"name": "Late holds", "query": "turn=late&source__exact=hold&p=3&evil=1"})
    row = SavedFilter.objects.get()
    assert (row.name, row.query) == ("Late holds", "turn=late&source__exact=hold")
    assert "Late holds" in client.get(reverse("admin:reviews_case_changelist")).content.decode()
    assert "Late holds" not in other.get(reverse("admin:reviews_case_changelist")).content.decode()
    other.post(reverse("admin:reviews_case_view_forget", args=[row.public_id]))
    assert SavedFilter.objects.exists()
    client.post(reverse("admin:reviews_case_view_forget", args=[row.public_id]))
    assert not SavedFilter.objects.exists()
    client.post(save, {"name": " ", "query": ""})
    assert not SavedFilter.objects.exists()


def test_next_leads_through_the_queue_and_says_when_it_is_empty(cases: list[Case]) -> None:
    client = at_work("mod")
    first = client.get(reverse("admin:reviews_case_next"), {"turn": "free"})
    assert first["Location"].startswith(reverse("admin:reviews_case_change", args=[cases[-1].pk]))
    page = client.get(first["Location"]).content.decode()
    assert 'rel="next"' in page
    assert 'data-key="j"' in page
    empty = client.get(reverse("admin:reviews_case_next"), {"turn": "appeal"}, follow=True).content.decode()
    assert "Nothing waits there." in empty


def test_statement_is_shown_before_it_is_sent(cases: list[Case]) -> None:
    client = at_work("mod")
    address = reverse("admin:reviews_case_preview", args=[cases[0].pk])
    form = {"effect": "yank", "reason": "spam", "evidence": EVIDENCE}
    alone = client.post(address, form, headers={"X-Requested-With": "fetch"}).content.decode()
    assert EVIDENCE in alone
    assert "<html" not in alone
    whole = client.post(address, form).content.decode()
    assert "Statement, as it will be sent" in whole
    assert EVIDENCE in whole
    assert not Decision.objects.exists()
    assert client.get(address).status_code == 405
