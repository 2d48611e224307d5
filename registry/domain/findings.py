"""One hit of a check on a package's content."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class Finding:
    """A code of the table of codes, where it was met (path from the package's root, line from 1), its parameters."""

    code: str
    severity: Severity
    path: str = ""
    line: int | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
