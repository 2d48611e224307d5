"""From `received` through the checks to `published`, `held` or back; an error never publishes."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.domain.viewer import SYSTEM
from marketplace.services.outbox import enqueue
from registry.domain.archives import read_stored
from registry.domain.cleaning import clean_text
from registry.domain.formats import detect
from registry.domain.scanning import RULES
from registry.domain.states import State
from registry.models import Scan, Version, VersionArtifact, VersionFile, VersionFinding
from registry.services.artifacts import artifact_open
from registry.services.checking import report_on, verdict_of
from registry.services.clearing import without_cleared
from registry.services.derive import Made, derive, files_of
from registry.services.lifecycle import version_move
from registry.services.readme import main_document, readme_render
from registry.services.release import version_release
from registry.services.second_look import second_look

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.domain.content import Content
    from registry.domain.findings import Finding

log = structlog.get_logger(__name__)
SCAN = "registry.version_scan"


@dataclass(frozen=True, slots=True)
class Outcome:
    """All that one run of the checks found and made, before anything of it is written."""

    content: Content
    findings: list[Finding]
    verdict: str
    made: Made
    readme: str
    seconds: float
    risk: str
    checks: dict[str, str]


def version_scan(version_id: int) -> None:
    """Run the checks once and let the verdict decide; a failed run puts the version back, the third holds it."""
    version = scan_begin(version_id)
    if version is None:
        return
    try:
        scan_finish(version, examine(version))
    except Exception as error:
        log.exception("scan.failed", version=str(version.public_id), attempt=version.scan_attempts)
        scan_fail(version, f"{type(error).__name__}: {error}")


@transaction.atomic
def scan_begin(version_id: int) -> Version | None:
    """Move the version to `scanning` and count the attempt; None when it is not waiting (any more)."""
    rows = Version.objects.select_for_update(of=("self",)).select_related("package__publisher", "source")
    version = rows.filter(pk=version_id, state=State.RECEIVED).first()
    if version is None:
        return None
    version.state = State.SCANNING
    version.scan_attempts += 1
    version.scan_started_at = timezone.now()
    version.save(update_fields=["state", "scan_attempts", "scan_started_at"])
    return version


def examine(version: Version) -> Outcome:
    """Read the stored bytes again, check them, derive what channels need; writes artifacts only."""
    began = time.monotonic()
    with artifact_open(version.source) as stream:
        archive = stream.read()
    content = read_stored(io.BytesIO(archive))
    entry = detect(content).entries[0]
    if entry.content.digest != version.digest:
        raise ValueError("the stored bytes are not those that were received")
    manifest = entry.manifest
    is_first = not version.package.versions.exclude(pk=version.pk).exists()
    report = report_on(archive, full_name=version.package.full_name, is_first=is_first)
    checks = dict(report.checks)
    findings = without_cleared(version.package_id, content, report.findings)
    if verdict_of(findings) == Scan.Verdict.PASS:
        how, concerns = second_look(content)
        checks |= {"reviewer": how} if how else {}
        findings += without_cleared(version.package_id, content, concerns)
    risk = "high" if verdict_of(findings) == Scan.Verdict.HOLD else report.risk
    base = f"/@{version.package.publisher.name}/{version.package.name}/files/{version.number}/"
    readme = readme_render(main_document(entry.content, manifest), files=base)
    made = derive(version, entry.content, manifest)
    seconds = time.monotonic() - began
    return Outcome(content, findings, verdict_of(findings), made, readme, seconds, risk, checks)


@transaction.atomic
def scan_finish(version: Version, outcome: Outcome) -> None:
    """Write what was found and made, then publish or hold."""
    scan = Scan.objects.create(
        version=version,
        verdict=outcome.verdict,
        risk=outcome.risk,
        checks=outcome.checks,
        rules=RULES,
        seconds=outcome.seconds,
    )
    VersionFinding.objects.bulk_create(finding_rows(scan, outcome.findings))
    VersionFile.objects.filter(version=version).delete()
    VersionFile.objects.bulk_create(files_of(version, outcome.content), batch_size=1000)
    VersionArtifact.objects.filter(version=version).delete()
    VersionArtifact.objects.bulk_create(
        VersionArtifact(version=version, role=role, name=name, artifact=artifact)
        for role, name, artifact in outcome.made
    )
    Version.objects.filter(pk=version.pk).update(readme_html=outcome.readme)
    if outcome.verdict == Scan.Verdict.PASS:
        version_release(version=version)
    else:
        codes = ", ".join(sorted({finding.code for finding in outcome.findings if finding.severity == "error"}))
        version_move(version=version, after=State.HELD, by=SYSTEM, reason=codes)


def finding_rows(scan: Scan, findings: Iterable[Finding]) -> Iterator[VersionFinding]:
    """The findings of a scan as rows that are not written yet."""
    for finding in findings:
        yield VersionFinding(
            version=scan.version,
            scan=scan,
            code=finding.code,
            severity=finding.severity,
            path=finding.path[:512],
            line=finding.line,
            params=dict(finding.params),
        )


@transaction.atomic
def scan_fail(version: Version, error: str) -> None:
    """Write the error; wait for another run, or be held after SCAN_ATTEMPTS of them."""
    current = Version.objects.get(pk=version.pk)
    if current.state != State.SCANNING:
        return
    Scan.objects.create(version=version, verdict=Scan.Verdict.ERROR, rules=RULES, error=clean_text(error)[:4000])
    if current.scan_attempts >= settings.SCAN_ATTEMPTS:
        version_move(version=current, after=State.HELD, by=SYSTEM, reason="MP3031")
        return
    version_move(version=current, after=State.RECEIVED, by=SYSTEM, reason="MP3030")
    enqueue(SCAN, version_id=version.pk, delay_seconds=10 * current.scan_attempts)


def versions_sweep() -> int:
    """Bring back scans that died with their worker, and wake versions that nobody scans; returns how many."""
    lost_since = timezone.now() - timedelta(seconds=settings.SCAN_TIMEOUT_SECONDS * 2)
    lost = Version.objects.filter(state=State.SCANNING, scan_started_at__lt=lost_since)
    for version in lost:
        scan_fail(version, "the worker that ran the checks is gone")
    waiting_since = timezone.now() - timedelta(seconds=60)
    waiting = Version.objects.filter(state=State.RECEIVED, received_at__lt=waiting_since).values_list("pk", flat=True)
    for pk in waiting[:500]:
        enqueue(SCAN, key=f"sweep:{pk}", version_id=pk)
    return len(lost) + len(waiting)
