"""What moderators found harmless once: upper apps answer which hits of a package are known to be."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.domain.content import Content
    from registry.domain.findings import Finding

Hit = tuple[str, str]
"""A rule and the SHA-256 (hex) of the file that it hit."""

Answer = Callable[[int, Iterable[Hit]], set[Hit]]
_answers: list[Answer] = []


def clearing_register(answer: Answer) -> None:
    """Ask `answer(package_id, hits)` for the hits that were cleared before."""
    if answer not in _answers:
        _answers.append(answer)


def without_cleared(package_id: int, content: Content, findings: list[Finding]) -> list[Finding]:
    """The findings, those that were cleared on the same bytes weighing no more than information."""
    digests = {path: hashlib.sha256(file.data).hexdigest() for path, file in content.items()} if findings else {}
    return without_cleared_in(package_id, digests, findings)


def without_cleared_in(package_id: int, digests: Mapping[str, str], findings: list[Finding]) -> list[Finding]:
    """The same where the files' SHA-256 (hex) are known by path."""
    hits = [(finding.code, digests[finding.path]) if finding.path in digests else None for finding in findings]
    known = {hit for hit in hits if hit is not None}
    cleared: set[Hit] = set().union(*(answer(package_id, known) for answer in _answers)) if known else set()
    return [
        replace(finding, severity="info") if hit in cleared else finding
        for finding, hit in zip(findings, hits, strict=True)
    ]
