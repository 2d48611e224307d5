"""Tells the people concerned what was decided: what, why, the rule, the evidence, scope, how to appeal, by when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.models import Notice
from marketplace.services.notices import notice_send
from reviews.domain.reasons import AGAINST
from reviews.models import Decision, Statement
from reviews.selectors.concerned import concerned_by
from reviews.services.wording import effect_words, reason_words

if TYPE_CHECKING:
    from reviews.models import Appeal, Case

CONCERNED, REPORTER = "concerned", "reporter"


@transaction.atomic
def statements_write(*, decision: Decision, case: Case, subject: Any) -> list[Statement]:
    """One statement for each person concerned and each reporter, in the decision's transaction; sent after it."""
    concerned = concerned_by(subject)
    reporters = set(case.reports.exclude(reporter=None).values_list("reporter_id", flat=True)) - concerned
    rows = [
        Statement(decision=decision, recipient_id=pk, role=role, text=text)
        for role, people, text in (
            (CONCERNED, concerned, statement_text(decision=decision, case=case)),
            (REPORTER, reporters, reporter_text(decision=decision, case=case)),
        )
        for pk in sorted(people)
    ]
    return Statement.objects.bulk_create(rows, ignore_conflicts=True)


def statements_send(*, decision_id: int) -> int:
    """Send the decision's statements as notices; repeating it sends nothing twice. Returns how many are new."""
    sent = 0
    waiting = Statement.objects.select_related("decision__case").filter(decision_id=decision_id, sent_at=None)
    for statement in waiting.order_by("pk"):
        with transaction.atomic():
            case = statement.decision.case
            sent += notice_send(
                to=[statement.recipient_id],
                kind=Notice.Kind.MODERATION,
                key=f"decision:{statement.decision.public_id}",
                title=_title(statement.decision, case),
                path=f"/moderation/cases/{case.public_id}",
                text=statement.text,
            )
            Statement.objects.filter(pk=statement.pk).update(sent_at=timezone.now())
    return sent


def appeal_notice(appeal: Appeal, *, title: str, text: str) -> None:
    """Tell the appellant of the answer."""
    case = appeal.decision.case
    notice_send(
        to=[appeal.appellant_id],
        kind=Notice.Kind.MODERATION,
        key=f"appeal:{appeal.public_id}:{appeal.outcome}",
        title=title,
        path=f"/moderation/cases/{case.public_id}",
        text=text,
    )


def statement_text(*, decision: Decision, case: Case) -> str:
    """What the people concerned read."""
    lines = [
        _("Decision about %(subject)s: %(effect)s.")
        % {"subject": case.subject_name, "effect": effect_words(decision.effect)},
        _("Reason: %(reason)s") % {"reason": reason_words(decision.reason)},
    ]
    if decision.evidence:
        lines.append(_("What was found: %(evidence)s") % {"evidence": decision.evidence})
    lines.append(_("What it reaches: %(scope)s") % {"scope": decision.scope or case.subject_name})
    lines.append(_("A person decided this; all that a program does alone is a quarantine until a person looks."))
    if decision.effect in AGAINST and decision.appeal_until:
        until = date_format(decision.appeal_until, "j F Y")
        lines.append(
            _("You can appeal on the case's page until %(until)s; another moderator will look at it.")
            % {"until": until}
        )
    return "\n\n".join(lines)


def reporter_text(*, decision: Decision, case: Case) -> str:
    """What reporters read."""
    outcome = _("Your report was upheld.") if decision.effect in AGAINST else _("We found no violation.")
    facts = {"subject": case.subject_name, "effect": effect_words(decision.effect)}
    return "\n\n".join(
        [
            _("You reported %(subject)s. %(outcome)s") % {**facts, "outcome": outcome},
            _("Decision: %(effect)s.") % facts,
            _("Reason: %(reason)s") % {"reason": reason_words(decision.reason)},
            _("If you see it otherwise, you can appeal on the case's page."),
        ]
    )


def _title(decision: Decision, case: Case) -> str:
    return _("%(subject)s: %(effect)s") % {"subject": case.subject_name[:120], "effect": effect_words(decision.effect)}
