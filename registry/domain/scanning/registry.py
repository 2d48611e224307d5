"""The checks by name, and the version of the rules: a new one has the catalogue looked at again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from registry.domain.scanning.rules import COMBOS, PATTERNS

REVISION = 4
FILE_RULES = (Path(__file__).parent / "files.yar").read_text(encoding="utf-8")
"""Rules over bytes, in the language of YARA."""


def _version() -> str:
    text = "\n".join(
        [
            *(f"{r.id} {r.weight} {r.pattern.pattern}" for r in PATTERNS),
            *(f"{c.id} {c.weight} {c.tags} {c.lines}" for c in COMBOS),
            FILE_RULES,
        ]
    )
    return f"{REVISION}-{hashlib.sha256(text.encode()).hexdigest()[:10]}"


RULES = _version()


@dataclass(frozen=True, slots=True)
class Check:
    """One check: on at all, holding what it finds (else only telling), and holding when it cannot finish."""

    name: str
    enabled: bool = True
    enforced: bool = True
    required: bool = True


CHECKS = (
    Check("behaviour"),
    Check("secrets"),
    Check("hidden-text"),
    Check("file-types"),
    Check("content-model"),
    Check("yara"),
    Check("nested-archives"),
    Check("hooks"),
    Check("install-scripts"),
    Check("names"),
    Check("description"),
)
