"""What detection gives back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from registry.domain.content import Content
    from registry.domain.findings import Finding
    from registry.domain.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Entry:
    """One package found: its kind, its files (paths from its own root), and what is to be said about them."""

    kind: str
    format: str
    name: str
    version: str | None
    manifest: Manifest
    content: Content
    findings: tuple[Finding, ...] = ()
    source_path: str = ""

    @property
    def is_usable(self) -> bool:
        """Whether nothing forbids its publication."""
        return bool(self.content) and not any(finding.severity == "error" for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Detection:
    """Every package in a content, and findings that are about none of them."""

    format: str
    entries: tuple[Entry, ...] = ()
    findings: tuple[Finding, ...] = field(default_factory=tuple)
