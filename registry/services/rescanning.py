"""New rules look at what is published already: in the background, and without ever moving a version."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q

from marketplace.services.outbox import emit, enqueue
from registry.domain.cleaning import clean_text
from registry.domain.events import VersionRescanned
from registry.domain.scanning import RULES
from registry.domain.states import State
from registry.models import Scan, Version, VersionFinding
from registry.services.artifacts import artifact_open
from registry.services.checking import report_on, verdict_of
from registry.services.clearing import without_cleared_in
from registry.services.scanning import finding_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.findings import Finding
    from registry.services.checking import Report

log = structlog.get_logger(__name__)
RESCAN = "registry.version_rescan"
GIVEN_OUT = (State.PUBLISHED, State.YANKED)
BATCH = 100


def catalogue_rescan() -> int:
    """Enqueue the next versions that these rules have not seen; none while new versions wait. Returns how many."""
    if Version.objects.filter(state__in=[State.RECEIVED, State.SCANNING]).exists():
        return 0
    seen = Scan.objects.filter(version=OuterRef("pk"), rules=RULES).exclude(verdict=Scan.Verdict.ERROR)
    failed = Count("scans", filter=Q(scans__rules=RULES, scans__verdict=Scan.Verdict.ERROR))
    waiting = Version.objects.filter(~Exists(seen), state__in=GIVEN_OUT)
    keys = waiting.annotate(failed=failed).filter(failed__lt=settings.SCAN_ATTEMPTS).order_by("-pk")
    found = list(keys.values_list("pk", flat=True)[:BATCH])
    for pk in found:
        enqueue(RESCAN, key=f"rescan:{RULES}:{pk}", version_id=pk)
    return len(found)


def version_rescan(version_id: int) -> None:
    """Look once at a version that is given out; what is found is written down and told, its state stays."""
    rows = Version.objects.select_related("package__publisher", "source")
    version = rows.filter(pk=version_id, state__in=GIVEN_OUT).first()
    if version is None or version.scans.filter(rules=RULES).exclude(verdict=Scan.Verdict.ERROR).exists():
        return
    try:
        with artifact_open(version.source) as stream:
            report = report_on(stream.read(), full_name=version.package.full_name)
    except Exception as error:
        log.exception("rescan.failed", version=str(version.public_id))
        rescan_fail(version, f"{type(error).__name__}: {error}")
        return
    rescan_finish(version, report)


@transaction.atomic
def rescan_finish(version: Version, report: Report) -> None:
    """Write the scan in place of what an earlier one found; tell when a hit holds that nobody has seen before."""
    before = set(version.findings.filter(severity="error").values_list("code", "path"))
    files = dict(version.files.values_list("path", "sha256"))
    findings = without_cleared_in(version.package_id, files, report.findings)
    verdict = verdict_of(findings)
    scan = Scan.objects.create(
        version=version, verdict=verdict, risk=report.risk, checks=report.checks, rules=RULES, seconds=report.seconds
    )
    version.findings.filter(scan__isnull=False).delete()
    VersionFinding.objects.bulk_create(finding_rows(scan, findings))
    news = sorted(_held_by(findings) - before)
    if news:
        _tell(version, verdict, sorted({code for code, _ in news}))


@transaction.atomic
def rescan_fail(version: Version, error: str) -> None:
    """Write the error; the last attempt is told, since nobody knows what these rules would say."""
    Scan.objects.create(version=version, verdict=Scan.Verdict.ERROR, rules=RULES, error=clean_text(error)[:4000])
    if version.scans.filter(rules=RULES, verdict=Scan.Verdict.ERROR).count() == settings.SCAN_ATTEMPTS:
        _tell(version, Scan.Verdict.ERROR, ["MP3031"])


def _held_by(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.path[:512]) for finding in findings if finding.severity == "error"}


def _tell(version: Version, verdict: str, codes: list[str]) -> None:
    emit(VersionRescanned(version_id=version.pk, package_id=version.package_id, verdict=verdict, codes=codes))
