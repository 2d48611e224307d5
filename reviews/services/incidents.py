"""Incidents: what follows a quarantine; who is affected, what the package could reach, how it ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from marketplace.core.errors import Invalid, NotFound
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from registry.models import Version
from reviews.models import Incident
from reviews.services.cases import case_note, ensure_moderator, package_of, subject_of
from reviews.services.reach import reach_of

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from reviews.models import Case

REPORT_LEAST = 10
SIBLINGS_MOST = 100


@dataclass(frozen=True, slots=True)
class Extent:
    """How far an incident goes: people reached, the versions stopped, others published by the same person since."""

    people: int
    libraries: int
    stopped: list[str]
    siblings: list[str]

    def as_json(self) -> dict[str, Any]:
        """For the export."""
        return {name: getattr(self, name) for name in self.__slots__}


def extent_of(case: Case) -> Extent | None:
    """The extent of a case about a package or version; None for others."""
    subject = subject_of(case)
    package = package_of(subject)
    if package is None:
        return None
    reach = reach_of(package)
    stopped = package.versions.filter(state="quarantined").order_by("sort_key")
    people = set(package.versions.exclude(published_by=None).values_list("published_by_id", flat=True))
    others = Version.objects.filter(published_by_id__in=people).exclude(package=package).select_related("package")
    names = [f"{row.package.full_name}@{row.number}" for row in others.order_by("-pk")[:SIBLINGS_MOST]]
    return Extent(reach.people, reach.libraries, [row.number for row in stopped], names)


@transaction.atomic
def incident_close(*, case: Case, report: str, by: Viewer) -> Incident:
    """Close the case's incident with a report; raises NotAllowed MP7044, NotFound MP7040, Invalid MP7047."""
    ensure_moderator(by)
    incident = Incident.objects.select_for_update().filter(case=case, closed_at=None).first()
    if incident is None:
        raise NotFound("MP7040")
    if len(report.strip()) < REPORT_LEAST:
        raise Invalid("MP7047")
    incident.report, incident.closed_at, incident.closed_by_id = report.strip(), timezone.now(), by.user_id
    incident.save(update_fields=["report", "closed_at", "closed_by"])
    case_note(case=case, kind="incident:closed", by=by, text=report.strip())
    audit(Action.INCIDENT_CLOSE, by=by, kind="incident", subject=incident.public_id, name=case.subject_name)
    return incident
