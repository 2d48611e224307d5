"""Imports as pages say them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from marketplace.core.codes import CODES, fix, sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from registry.models import Import, ImportEntry, Version
    from registry.services.asking import Asking


@dataclass(frozen=True, slots=True)
class Said:
    """A code with its sentence and remedy, and where it was met."""

    code: str
    severity: str
    path: str
    line: int | None
    says: str
    fix: str


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry of an import."""

    id: str
    name: str
    kind: str
    number: str
    summary: str
    source_path: str
    state: str
    selected: bool
    reason: Said | None
    findings: list[Said]
    version: Version | None
    askings: list[Asking]


def said(finding: dict[str, Any]) -> Said:
    """A finding or refusal that is kept as JSON."""
    code = finding["code"]
    params = {"path": finding.get("path", ""), "line": finding.get("line") or 0, **finding.get("params", {})}
    known = code in CODES
    return Said(
        code,
        finding.get("severity", "error"),
        finding.get("path", ""),
        finding.get("line"),
        sentence(code, params) if known else code,
        fix(code, params) if known else "",
    )


def entry_rows(entries: Iterable[ImportEntry], askings: Mapping[int, list[Asking]]) -> list[EntryRow]:
    """Entries in order, each with its findings and, by key, what it would ask as an update."""
    return [
        EntryRow(
            id=str(entry.public_id),
            name=entry.name,
            kind=entry.kind,
            number=entry.number,
            summary=entry.summary,
            source_path=entry.source_path,
            state=entry.state,
            selected=entry.selected,
            reason=said({"code": entry.code, "params": entry.params}) if entry.code else None,
            findings=[said(finding) for finding in entry.findings],
            version=entry.version,
            askings=askings.get(entry.pk, []),
        )
        for entry in entries
    ]


def failure_of(job: Import) -> Said | None:
    """Why the import could not be read."""
    return said({"code": job.error_code, "params": job.error_params}) if job.error_code else None
