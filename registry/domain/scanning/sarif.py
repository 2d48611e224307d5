"""Findings in the Static Analysis Results Interchange Format (OASIS SARIF 2.1.0)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from registry.domain.findings import Finding

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
LEVELS = {"error": "error", "warning": "warning", "info": "note"}


def sarif(
    findings: Iterable[Finding], *, rules: str, says: Callable[[Finding], str], fix: Callable[[Finding], str]
) -> dict[str, Any]:
    """One run of the checks; `rules` is their version, `says` and `fix` give each finding's sentences."""
    listed = list(findings)
    told = {finding.code: finding for finding in listed}
    driver = {
        "name": "agent-marketplace",
        "semanticVersion": "1.0.0",
        "properties": {"rules": rules},
        "rules": [
            {"id": code, "shortDescription": {"text": says(finding)}, "help": {"text": fix(finding) or says(finding)}}
            for code, finding in sorted(told.items())
        ],
    }
    results = [_result(finding, says(finding)) for finding in listed]
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [{"tool": {"driver": driver}, "results": results}]}


def _result(finding: Finding, text: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": LEVELS[finding.severity],
        "message": {"text": text},
        "properties": {"rule": finding.params.get("rule", "")},
    }
    if finding.path:
        place: dict[str, Any] = {"artifactLocation": {"uri": finding.path}}
        if finding.line:
            place["region"] = {"startLine": finding.line}
        result["locations"] = [{"physicalLocation": place}]
    return result
