"""Tells the people concerned what was decided: what, why, the rule, the evidence, scope, how to appeal, by when."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from marketplace.models import Notice
from marketplace.services.notices import notice_send
from reviews.domain.reasons import AGAINST
from reviews.domain.states import CaseState
from reviews.models import Case, Decision, Statement
from reviews.selectors.cases import place_of
from reviews.selectors.concerned import concerned_by
from reviews.services.wording import effect_words, reason_words

if TYPE_CHECKING:
    from reviews.models import Appeal

APPEAL = timedelta(days=183)
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


def statement_preview(*, case: Case, effect: str, reason: str, evidence: str, scope: str) -> str:
    """The statement that this ruling would send to the people concerned; nothing is written."""
    until = timezone.now() + APPEAL
    decision = Decision(case=case, effect=effect, reason=reason, evidence=evidence, scope=scope, appeal_until=until)
    return statement_text(decision=decision, case=case)


@transaction.atomic
def undo_statements_write(*, undo: Decision, taken: Decision, case: Case, but: int | None = None) -> list[Statement]:
    """Whoever was told of a decision is told that it was taken back, but for the one who is answered anyway."""
    text = undo_text(undo=undo, taken=taken, case=case)
    told = taken.statements.exclude(recipient_id=but).order_by("pk").values_list("recipient_id", "role")
    rows = [Statement(decision=undo, recipient_id=pk, role=role, text=text) for pk, role in told]
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


def stopped_notice(*, case: Case, subject: Any) -> None:
    """Tell the people concerned at once that a program has stopped it, why, and when a person looks."""
    due = date_format(timezone.localtime(case.due_at), "j F Y H:i")
    text = [
        _("%(subject)s was put in quarantine by itself, since it was reported as malware and is younger than a day.")
        % {"subject": case.subject_name},
        _("A moderator looks at it by %(due)s (UTC) and either restores it or tells you the reason.") % {"due": due},
        _("Nothing is deleted. The case's page shows how far it is."),
    ]
    notice_send(
        to=concerned_by(subject),
        kind=Notice.Kind.MODERATION,
        key=f"stopped:{case.public_id}",
        title=_("%(subject)s is in quarantine until a moderator has looked") % {"subject": case.subject_name[:120]},
        path=f"/moderation/cases/{case.public_id}",
        text="\n\n".join(text),
    )


def opened_tell(*, case_id: int) -> int:
    """Tell the people concerned that something of theirs waits: what, why, its place and the median wait.

    Reports are told to nobody before they are decided. Returns how many were told.
    """
    case = Case.objects.filter(pk=case_id).first()
    if case is None or case.source not in {Case.Source.HOLD, Case.Source.RESCAN, Case.Source.CHECK}:
        return 0
    place = place_of(case)
    lines = [
        _("%(subject)s waits for a moderator: what the checks saw has to be judged by a person.")
        % {"subject": case.subject_name}
    ]
    if place is not None:
        lines.append(_("Place in the queue: %(at)s of %(of)s.") % {"at": place.position, "of": place.waiting})
        if place.median_hours is not None:
            lines.append(_("Cases of the last thirty days waited %(n)s hours.") % {"n": round(place.median_hours)})
    return notice_send(
        to=concerned_by(getattr(case, case.subject_kind.value)),
        kind=Notice.Kind.MODERATION,
        key=f"opened:{case.public_id}",
        title=_("%(subject)s waits for a moderator") % {"subject": case.subject_name[:120]},
        path=f"/moderation/cases/{case.public_id}",
        text="\n\n".join(lines),
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


def undo_text(*, undo: Decision, taken: Decision, case: Case) -> str:
    """What whoever was told of a decision reads when it is taken back."""
    lines = [
        _("The decision about %(subject)s (%(effect)s) was taken back; things are as they were before it.")
        % {"subject": case.subject_name, "effect": effect_words(taken.effect)},
    ]
    if undo.evidence:
        lines.append(_("Why: %(why)s") % {"why": undo.evidence})
    if case.state == CaseState.OPEN:
        lines.append(_("The case is open again; you will be told what is decided."))
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
    if Decision.objects.filter(undone_by=decision).exists():
        return _("%(subject)s: a decision was taken back") % {"subject": case.subject_name[:120]}
    return _("%(subject)s: %(effect)s") % {"subject": case.subject_name[:120], "effect": effect_words(decision.effect)}
