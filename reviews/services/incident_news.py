"""What goes out of an incident: notices to whoever has the package, and everything about it as JSON lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.errors import NotFound
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.models import Notice
from marketplace.services.audit import audit
from marketplace.services.notices import notice_send
from reviews.domain.powers import Act
from reviews.domain.reasons import SECURITY, Effect
from reviews.models import Case, Decision, Incident, Statement
from reviews.services.cases import case_note, ensure_may, package_of, subject_of
from reviews.services.extent import extent_of
from reviews.services.wording import exposure_words, limits_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.viewer import Viewer
    from reviews.services.extent import Extent

TOLD_OF = frozenset({Effect.QUARANTINE, Effect.REMOVE})
"""Decided for a reason of security, these are told at once to whoever has the package."""


@transaction.atomic
def incident_tell(*, case: Case, by: Viewer) -> int:
    """Tell everybody who has the package what was stopped and what to replace; once a person. Returns how many are new.

    Raises NotAllowed MP7044, MP7049, NotFound MP7040.
    """
    ensure_may(by, Act.TELL)
    incident = Incident.objects.select_for_update().filter(case=case).first()
    extent = extent_of(case)
    if incident is None or extent is None:
        raise NotFound("MP7040")
    count = notice_send(
        to=extent.user_ids,
        kind=Notice.Kind.MODERATION,
        key=f"incident:{incident.public_id}",
        title=_("%(name)s was stopped: what to do now") % {"name": case.subject_name[:120]},
        path="/library",
        text=incident_text(case, extent),
    )
    incident.told_at, incident.told_count = timezone.now(), incident.told_count + count
    incident.save(update_fields=["told_at", "told_count"])
    case_note(case=case, kind="incident:told", by=by, data={"count": count})
    audit(
        Action.INCIDENT_TELL,
        by=by,
        kind="incident",
        subject=incident.public_id,
        name=case.subject_name,
        data={"count": count},
    )
    return count


def decided_tell(*, decision_id: int) -> int:
    """Tell them when a decision has stopped something for a reason of security, and again when it was taken back."""
    decision = Decision.objects.select_related("case").filter(pk=decision_id).first()
    incident = Incident.objects.filter(case_id=decision.case_id).first() if decision else None
    if decision is None or incident is None:
        return 0
    if decision.effect in TOLD_OF and decision.reason in SECURITY and decision.undone_by_id is None:
        return incident_tell(case=decision.case, by=SYSTEM)
    if incident.told_at is not None and Decision.objects.filter(undone_by=decision).exists():
        return _restored_tell(decision, incident)
    return 0


def incident_text(case: Case, extent: Extent) -> str:
    """What whoever has the package reads."""
    package = package_of(subject_of(case))
    lines = [
        _("Moderators have stopped %(name)s %(numbers)s, which you have in your library or your team's.")
        % {"name": package.full_name if package else case.subject_name, "numbers": ", ".join(extent.stopped)},
        _("Nobody gets it any more; clients that ask the marketplace turn it off."),
    ]
    if extent.exposures:
        lines.append(_("From what it can do on your machine:"))
        lines += [f"- {exposure_words(exposure)}" for exposure in extent.exposures]
    lines.append(_("What this does not reach:"))
    lines += [f"- {limit}" for limit in limits_words()]
    return "\n\n".join(lines)


@transaction.atomic
def incident_export(*, case: Case, by: Viewer) -> list[str]:
    """The whole incident as JSON lines, written down as read; raises NotAllowed MP7044, NotFound MP7040."""
    ensure_may(by, Act.EXPORT)
    incident = Incident.objects.filter(case=case).first()
    if incident is None:
        raise NotFound("MP7040")
    audit(Action.INCIDENT_EXPORT, by=by, kind="incident", subject=incident.public_id, name=case.subject_name)
    return [json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False, sort_keys=True) for row in _rows(case, incident)]


def _rows(case: Case, incident: Incident) -> Iterator[dict[str, Any]]:
    extent = extent_of(case)
    yield {
        "type": "incident",
        "id": incident.public_id,
        "case": case.public_id,
        "subject": case.subject_name,
        "state": case.state,
        "opened_at": incident.opened_at,
        "closed_at": incident.closed_at,
        "told": incident.told_count,
        "report": incident.report,
    }
    if extent is not None:
        yield {"type": "extent"} | extent.as_json()
    yield {"type": "limits", "text": limits_words()}
    for event in case.events.order_by("id"):
        yield {"type": "event", "at": event.at, "kind": event.kind, "by": event.actor_name, "text": event.text}
    for report in case.reports.order_by("id"):
        told = {"reason": report.reason, "text": report.text, "weight": report.weight, "outcome": report.outcome}
        yield {"type": "report", "at": report.created_at} | told
    for decision in case.decisions.order_by("id"):
        told = {"effect": decision.effect, "reason": decision.reason, "evidence": decision.evidence}
        yield {"type": "decision", "at": decision.effective_at, "by": decision.by_name} | told
    for statement in Statement.objects.filter(decision__case=case).order_by("id"):
        yield {"type": "statement", "role": statement.role, "sent_at": statement.sent_at, "text": statement.text}


def _restored_tell(undo: Decision, incident: Incident) -> int:
    case = undo.case
    told = Notice.objects.filter(key=f"incident:{incident.public_id}").values_list("user_id", flat=True)
    return notice_send(
        to=list(told),
        kind=Notice.Kind.MODERATION,
        key=f"incident:{incident.public_id}:{undo.public_id}",
        title=_("%(name)s: the warning is taken back") % {"name": case.subject_name[:120]},
        path="/library",
        text=_("The decision about %(name)s was taken back: moderators found that it need not have been stopped.")
        % {"name": case.subject_name},
    )
