from __future__ import annotations

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from reviews.domain.reasons import Effect
from reviews.models import Case, Decision
from reviews.selectors.yearly import year_of
from reviews.services.appeals import appeal_answer, appeal_make
from reviews.services.decisions import Ruling, decision_take
from reviews.services.reports import report_make
from reviews.services.statements import statements_send
from tests.reviews import world

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("as_system")]


def test_year_is_counted_from_what_happened_and_shown_to_everybody() -> None:
    now = timezone.now()
    ann, bob = world.person("ann"), world.person("bob")
    version = world.release(world.publisher(ann), ann)
    report_make(subject=version, reason="secrets", text="A key in it", by=world.seen(bob))
    report_make(subject=version, reason="spam", text="", by=world.seen(world.person("eve")))
    Case.objects.update(opened_at=now - timedelta(hours=5))
    mod, other = world.person("mod", is_moderator=True), world.person("other", is_moderator=True)
    ruling = Ruling(Effect.QUARANTINE, "secrets", "A private key in SKILL.md, line 7.")
    decision = decision_take(case=Case.objects.get(), ruling=ruling, by=world.seen(mod))
    statements_send(decision_id=decision.pk)
    appeal = appeal_make(decision=decision, text="It is a test key only", by=world.seen(ann))
    appeal_answer(appeal=appeal, is_upheld=True, answer="A test key indeed", by=world.seen(other))
    found = year_of(now.year)
    assert [(row.reason, row.count, row.upheld) for row in found.reports] == [("secrets", 1, 1), ("spam", 1, 1)]
    assert (found.cases, found.decided, found.effects) == ({"report": 1}, 1, {"quarantine": 1})
    assert found.median_hours == pytest.approx(5, abs=0.1)
    assert (found.taken_back, found.appeals, found.upheld, found.denied) == (1, 1, 1, 0)
    assert (found.statements, found.incidents) == (3, 1)
    page = Client().get("/moderation/report").content.decode()
    assert "1 made, 1 upheld, 0 denied" in page
    assert "half of them within 5 hours" in page
    said = StringIO()
    call_command("moderation_report", stdout=said)
    assert json.loads(said.getvalue())["reasons"] == {"secrets": 1}


def test_quiet_year_says_so_and_the_future_is_not_there() -> None:
    year = timezone.now().year
    assert "Nothing was decided" in Client().get(f"/moderation/report/{year - 1}").content.decode()
    assert Client().get(f"/moderation/report/{year + 1}").status_code == 404
    with pytest.raises(CommandError):
        call_command("moderation_report", "--year", "1999")
    assert not Decision.objects.exists()
