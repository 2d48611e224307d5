"""Every stable code with its sentence: the one table that API, pages, command lines and the docs read.

Ranges: MP1 archives, MP2 formats, MP3 registry, MP4 accounts, MP5 installs, MP6 payments, MP7 reviews, MP9 platform.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marketplace.core.codes import (
    accounts,
    archives,
    formats,
    installs,
    payments,
    platform,
    proofs,
    registry,
    reviews,
    scanning,
)
from marketplace.core.codes.code import Code, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CODES", "Code", "Severity", "fix", "sentence"]

TABLES = (archives, formats, registry, proofs, accounts, installs, payments, reviews, scanning, platform)
CODES: dict[str, Code] = {code.id: code for table in TABLES for code in table.TABLE}


def sentence(code: str, params: Mapping[str, Any]) -> str:
    """Say in the viewer's language what `code` means here."""
    return str(CODES[code].says) % params


def fix(code: str, params: Mapping[str, Any]) -> str:
    """Say what to do about it; empty where the sentence says it already."""
    return str(CODES[code].fix) % params
