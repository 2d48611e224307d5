"""Incidents: what follows when a version is stopped; opened with it, narrowed when it is given out again, closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.core.errors import Invalid, NotFound
from marketplace.domain.audit import Action
from marketplace.domain.viewer import SYSTEM
from marketplace.services.audit import audit
from registry.domain.states import State
from registry.models import Version
from registry.services.advisories import advisories_settle, advisory_open
from reviews.domain.powers import Act
from reviews.domain.reasons import DECISION_REASONS, SECURITY, severity_of
from reviews.domain.states import ACTIVE
from reviews.models import Case, Incident
from reviews.services.cases import case_note, case_open, ensure_may
from reviews.services.extent import extent_of
from reviews.services.wording import reason_words, report_of

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.domain.events import VersionChanged

REPORT_LEAST = 10
RISK = 60


def stopped_project(event: VersionChanged) -> None:
    """Projection: a version in quarantine has an incident and an advisory; one given out again is warned of no more.

    A quarantine that came past the queue gets its case here.
    """
    if event.state not in {State.QUARANTINED, State.REMOVED, State.PUBLISHED, State.YANKED}:
        return
    version = Version.objects.select_related("package__publisher").filter(pk=event.version_id)[0]
    reason = version.state_reason
    if event.state == State.QUARANTINED:
        case = _case_of(version) or case_open(subject=version, source=Case.Source.STAFF, risk=RISK, note=reason)
        incident_open(case=case)
        if reason in SECURITY or reason not in DECISION_REASONS:
            _warn(version, case)
    elif event.state == State.REMOVED:
        case_or_none = _case_of(version)
        if case_or_none is not None and reason in SECURITY:
            _warn(version, case_or_none)
    elif version.package.advisories.filter(reference__isnull=False, withdrawn_at=None).exists():
        advisories_settle(package=version.package, number=version.number, by=SYSTEM)


@transaction.atomic
def incident_open(*, case: Case) -> Incident:
    """The case's incident, opened when there is none or when it was closed before."""
    incident = Incident.objects.select_for_update().filter(case=case).first()
    if incident is None:
        incident = Incident.objects.create(case=case)
    elif incident.closed_at is None:
        return incident
    else:
        incident.closed_at, incident.told_at = None, None
        incident.save(update_fields=["closed_at", "told_at"])
    case_note(case=case, kind="incident:opened", by=SYSTEM)
    audit(Action.INCIDENT_OPEN, by=SYSTEM, kind="incident", subject=incident.public_id, name=case.subject_name)
    return incident


@transaction.atomic
def incident_close(*, case: Case, report: str, by: Viewer) -> Incident:
    """Close the case's incident with a report: the facts, then what the moderator writes.

    Raises NotAllowed MP7044, MP7049, NotFound MP7040, Invalid MP7047.
    """
    ensure_may(by, Act.CLOSE_INCIDENT)
    incident = Incident.objects.select_for_update().filter(case=case, closed_at=None).first()
    if incident is None:
        raise NotFound("MP7040")
    if len(report.strip()) < REPORT_LEAST:
        raise Invalid("MP7047")
    incident.closed_at, incident.closed_by_id = timezone.now(), by.user_id
    incident.report = report_of(incident, extent_of(case), report.strip())
    incident.save(update_fields=["report", "closed_at", "closed_by"])
    case_note(case=case, kind="incident:closed", by=by, text=report.strip())
    audit(Action.INCIDENT_CLOSE, by=by, kind="incident", subject=incident.public_id, name=case.subject_name)
    return incident


def _case_of(version: Version) -> Case | None:
    """The case in which it is stopped: the version's own, else its package's; the active one first."""
    about = Case.objects.filter(Q(version=version) | Q(package_id=version.package_id))
    rows = sorted(about, key=lambda case: (case.state not in ACTIVE, case.version_id is None, -case.pk))
    return rows[0] if rows else None


def _warn(version: Version, case: Case) -> None:
    """Publish the advisory of a version that people may have."""
    if version.published_at is None:
        return
    reason = version.state_reason if version.state_reason in DECISION_REASONS else ""
    said = reason_words(reason) if reason else _("Moderators have stopped it while they look.")
    advisory_open(
        package=version.package,
        number=version.number,
        title=f"{version.package.full_name}: {said}",
        severity=severity_of(reason),
        reference=case.public_id,
        by=SYSTEM,
    )
