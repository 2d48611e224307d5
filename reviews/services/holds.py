"""Held versions are cases: opened when they are held, and by a nightly check where that was missed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from registry.domain.states import State
from registry.models import Version
from reviews.domain.states import ACTIVE
from reviews.models import Case
from reviews.services.cases import case_open

if TYPE_CHECKING:
    from registry.domain.events import VersionChanged, VersionRescanned

BATCH = 500
RISKS = {"error": 30, "warning": 8, "info": 0}
RISK_MOST = 100
RISK_FAILED = 20


def held_case(event: VersionChanged) -> None:
    """Projection: a version that is held gets its case in the same transaction."""
    if event.state != State.HELD:
        return
    version = Version.objects.select_related("package__publisher").get(pk=event.version_id)
    case_open(subject=version, source="hold", risk=risk_of(version), note=version.state_reason)


def rescanned_case(event: VersionRescanned) -> None:
    """Projection: what new rules find in a version that is given out is a case; the version stays where it is."""
    version = Version.objects.select_related("package__publisher").get(pk=event.version_id)
    case_open(subject=version, source="rescan", risk=risk_of(version), note=", ".join(event.codes))


def risk_of(version: Version) -> int:
    """What the findings weigh together, at most RISK_MOST; RISK_FAILED when the checks themselves failed."""
    severities = version.findings.values_list("severity", flat=True)
    total = sum(RISKS.get(severity, 0) for severity in severities)
    return min(total, RISK_MOST) or RISK_FAILED


def cases_check() -> int:
    """Open a case for every held version that has none; returns how many were missing."""
    active = Case.objects.filter(version=OuterRef("pk"), state__in=sorted(ACTIVE))
    missing = Version.objects.filter(~Exists(active), state=State.HELD).select_related("package__publisher")
    opened = 0
    for version in missing.order_by("pk")[:BATCH]:
        with transaction.atomic():
            case_open(subject=version, source="check", risk=risk_of(version), note=version.state_reason)
        opened += 1
    return opened
