"""The same checks on files that nobody has published: nothing is kept."""

from __future__ import annotations

import io
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketplace.core.codes import fix, sentence
from registry.clients.scanner import ScanFailed
from registry.domain.archives import read_archive, unwrap
from registry.domain.capabilities import gather, levels_of
from registry.domain.findings import Finding
from registry.domain.formats import detect
from registry.domain.packing import pack_zip
from registry.domain.scanning import RULES
from registry.domain.scanning.sarif import sarif
from registry.services.asking import Asking, asking_of_name
from registry.services.checking import Report, report_on

if TYPE_CHECKING:
    from registry.domain.content import Content
    from registry.models import Publisher


@dataclass(frozen=True, slots=True)
class Preflight:
    """What publishing these files would say: of their format, of the checks, of what they can do."""

    kind: str
    name: str
    verdict: str
    risk: str
    findings: tuple[Finding, ...]
    checks: dict[str, str]
    levels: dict[str, str]
    seconds: float
    asks: Asking | None = None

    def as_json(self) -> dict[str, Any]:
        """The shape of API and command."""
        return {
            "kind": self.kind,
            "name": self.name,
            "verdict": self.verdict,
            "risk": self.risk,
            "findings": [finding_json(finding) for finding in self.findings],
            "checks": self.checks,
            "levels": self.levels,
            "asks": self.asks.as_json() if self.asks else None,
            "rules": RULES,
            "seconds": round(self.seconds, 3),
        }

    def as_sarif(self) -> dict[str, Any]:
        """The findings for tools that read SARIF."""
        return sarif(self.findings, rules=RULES, says=_says, fix=_fix)


def preflight(content: Content, *, publisher: Publisher | None = None) -> Preflight:
    """Look at the files as publishing does. An error never passes: what could not finish has the verdict `error`.

    With a `publisher` it is told whom they would ask as an update of a package of theirs.
    """
    began = time.monotonic()
    content = unwrap(content)
    detection = detect(content)
    entry = detection.entries[0] if detection.entries else None
    told = [*detection.findings, *(finding for one in detection.entries for finding in one.findings)]
    report = _report(content)
    found = gather(entry.content, entry.manifest) if entry is not None and entry.content else None
    asks = None
    if entry is not None and found is not None and publisher is not None:
        asks = asking_of_name(publisher, entry.name, found, entry.version or "")
    return Preflight(
        kind=entry.kind if entry else "",
        name=entry.name if entry else "",
        verdict=report.verdict,
        risk=report.risk,
        findings=(*report.findings, *told),
        checks=report.checks,
        levels=levels_of(found.strip) if found is not None else {},
        seconds=time.monotonic() - began,
        asks=asks,
    )


def preflight_archive(data: bytes) -> Preflight:
    """The same of an archive's bytes; raises ArchiveRefused."""
    return preflight(read_archive(io.BytesIO(data)))


def _report(content: Content) -> Report:
    try:
        return report_on(pack_zip(content))
    except ScanFailed as failed:
        return Report("error", "", [Finding("MP3130", "error", params={"reason": str(failed)})])


def finding_json(finding: Finding) -> dict[str, Any]:
    """A finding with its sentences."""
    return {
        "code": finding.code,
        "rule": finding.params.get("rule", ""),
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "excerpt": finding.params.get("excerpt", ""),
        "says": _says(finding),
        "fix": _fix(finding),
    }


def _params(finding: Finding) -> dict[str, Any]:
    return {"path": finding.path, "line": finding.line or 0, **finding.params}


def _says(finding: Finding) -> str:
    return sentence(finding.code, _params(finding))


def _fix(finding: Finding) -> str:
    return fix(finding.code, _params(finding))
