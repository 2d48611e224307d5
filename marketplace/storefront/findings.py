"""Findings as pages and the API say them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketplace.core.codes import CODES, fix, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.models import VersionFinding


@dataclass(frozen=True, slots=True)
class FindingRow:
    """One finding: code, how bad, where, what, and what to do."""

    code: str
    severity: str
    path: str
    line: int | None
    says: str
    fix: str


def finding_row(finding: dict[str, Any]) -> FindingRow:
    """A finding that is kept as JSON."""
    params = {"path": finding.get("path", ""), "line": finding.get("line") or 0, **finding.get("params", {})}
    code = finding["code"]
    known = code in CODES
    return FindingRow(
        code=code,
        severity=finding["severity"],
        path=finding.get("path", ""),
        line=finding.get("line"),
        says=sentence(code, params) if known else code,
        fix=fix(code, params) if known else "",
    )


def finding_rows(findings: Iterable[VersionFinding]) -> list[FindingRow]:
    """Findings that are rows, errors first."""
    order = {"error": 0, "warning": 1, "info": 2}
    rows = [
        finding_row({"code": f.code, "severity": f.severity, "path": f.path, "line": f.line, "params": f.params})
        for f in findings
    ]
    return sorted(rows, key=lambda row: order.get(row.severity, 3))
