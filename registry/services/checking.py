"""The checks as they are set up here: what runs, what holds, and what their report means."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.conf import settings

from registry.clients.scanner import ScanFailed, scan
from registry.domain.findings import Finding
from registry.domain.scanning import CHECKS, Check
from registry.domain.scanning.model import HOLDS
from registry.models import Package, SearchDocument

if TYPE_CHECKING:
    from collections.abc import Iterable

TOLD_FROM = 5
FINDINGS_MOST = 100
RISKS = ((HOLDS, "high"), (6, "medium"))
WELL_KNOWN = frozenset(
    "superpowers claude-code skill-creator frontend-design mcp-builder context7 playwright-mcp".split()
)
GUARDED = frozenset("anthropic anthropics openai google github microsoft stripe vercel cloudflare supabase".split())
POPULAR = 200
POPULAR_FROM = 50


@dataclass(frozen=True, slots=True)
class Report:
    """What the checks say: verdict, risk and findings are told apart; `checks` says of each how it went."""

    verdict: str
    risk: str
    findings: list[Finding]
    checks: dict[str, str] = field(default_factory=dict)
    seconds: float = 0


def checks_set() -> list[Check]:
    """The checks that are on, as the settings have them enforced and required."""
    return [
        replace(
            check, enforced=check.name not in settings.SCAN_MONITOR, required=check.name not in settings.SCAN_OPTIONAL
        )
        for check in CHECKS
        if check.enabled and check.name not in settings.SCAN_OFF
    ]


def report_on(archive: bytes, *, full_name: str = "", is_first: bool = False) -> Report:
    """Run the checks on an archive's bytes; raises ScanFailed when a required one could not finish."""
    checks = checks_set()
    asked: dict[str, Any] = {
        "checks": [check.name for check in checks],
        "seconds": settings.SCAN_SECONDS,
        "memory": settings.SCAN_MEMORY_BYTES,
        "full_name": full_name,
        "hashes": settings.SCAN_BAD_HASHES,
    }
    if is_first and full_name:
        asked |= {"names": sorted(_known_names(full_name)), "publishers": sorted(GUARDED)}
    return _report(checks, scan(archive, asked)["checks"])


def _report(checks: Iterable[Check], told: dict[str, Any]) -> Report:
    hits: list[tuple[int, bool, dict[str, Any]]] = []
    went: dict[str, str] = {}
    for check in checks:
        mine = told[check.name]
        if mine["error"] and check.required:
            raise ScanFailed(f"{check.name}: {mine['error']}")
        went[check.name] = "failed" if mine["error"] else "found" if mine["hits"] else "passed"
        hits += [(hit["weight"], check.enforced, hit) for hit in mine["hits"] if hit["weight"] >= TOLD_FROM]
    hits.sort(key=lambda item: -item[0])
    findings = [_finding(hit, is_enforced=enforced) for _, enforced, hit in hits]
    most = hits[0][0] if hits else 0
    risk = next((word for least, word in RISKS if most >= least), "low")
    seconds = sum(told[check]["seconds"] for check in went)
    return Report(verdict_of(findings), risk, _once(findings)[:FINDINGS_MOST], went, seconds)


def verdict_of(findings: Iterable[Finding]) -> str:
    """`hold` when a finding needs a person's look, else `pass`."""
    return "hold" if any(finding.severity == "error" for finding in findings) else "pass"


def _finding(hit: dict[str, Any], *, is_enforced: bool) -> Finding:
    holds = hit["weight"] >= HOLDS and is_enforced
    params = {
        "rule": hit["rule"],
        "path": hit["path"],
        "line": hit["line"] or 0,
        "excerpt": hit["excerpt"],
        **hit["params"],
    }
    return Finding(hit["code"], "error" if holds else "warning", hit["path"], hit["line"], params)


def _once(findings: list[Finding]) -> list[Finding]:
    """Each code at each place once."""
    return list({(finding.code, finding.path, finding.line): finding for finding in reversed(findings)}.values())[::-1]


def _known_names(full_name: str) -> set[str]:
    publisher = full_name.removeprefix("@").split("/")[0]
    popular = SearchDocument.objects.filter(popularity__gte=POPULAR_FROM).order_by("-popularity")
    keys = popular.values_list("package_id", flat=True)[:POPULAR]
    others = Package.objects.filter(pk__in=list(keys)).exclude(publisher__name=publisher)
    return set(others.values_list("name", flat=True)) | WELL_KNOWN
