"""What one code is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class Severity(StrEnum):
    """How much a finding weighs: an error stops the publication, the others do not."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Code:
    """One stable code: its sentence and remedy take named `%(param)s` placeholders."""

    id: str
    severity: Severity
    says: _StrOrPromise
    fix: _StrOrPromise = ""
