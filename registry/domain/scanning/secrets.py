"""Credentials that were left in the files: tokens of known makers, by their form and the spread of their letters."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING

from registry.domain.scanning.literals import folded, literals_of, may_match
from registry.domain.scanning.model import HOLDS, Hit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.scanning.segments import Sheet

KINDS = {
    "aws-key": r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b",
    "github-token": r"\bgh[pousr]_[A-Za-z0-9]{36,251}\b|\bgithub_pat_[A-Za-z0-9_]{60,100}\b",
    "gitlab-token": r"\bglpat-[A-Za-z0-9_-]{20,40}\b",
    "slack-token": r"\bxox[abprs]-\d{8,14}-\d{8,14}-[A-Za-z0-9-]{20,64}\b",
    "stripe-key": r"\b[rs]k_live_[A-Za-z0-9]{20,120}\b",
    "google-key": r"\bAIza[A-Za-z0-9_-]{35}\b",
    "openai-key": r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9_-]{20,60}T3BlbkFJ[A-Za-z0-9_-]{20,90}\b",
    "anthropic-key": r"\bsk-ant-(?:api|admin)\d\d-[A-Za-z0-9_-]{80,110}\b",
    "npm-token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "pypi-token": r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,200}\b",
    "sendgrid-key": r"\bSG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}\b",
    "huggingface-token": r"\bhf_[A-Za-z0-9]{34}\b",
    "telegram-token": r"\b\d{8,10}:AA[A-Za-z0-9_-]{33}\b",
    "discord-token": r"\b[MN][A-Za-z\d]{23,25}\.[\w-]{6}\.[\w-]{27,38}\b",
    "private-key": r"-----BEGIN (?:RSA |EC |OPENSSH |DSA |ENCRYPTED |PGP )?PRIVATE KEY(?: BLOCK)?-----",
    "password-in-address": r"\b(?:postgres(?:ql)?|mysql|mongodb(?:\+srv)?|redis|amqps?)://[^\s:/@\"']{1,60}:[^\s:/@\"'$<{]{8,80}@[\w.-]{4,120}",
}
PATTERNS = {name: re.compile(pattern) for name, pattern in KINDS.items()}
LITERALS = {name: literals_of(pattern) for name, pattern in PATTERNS.items()}
PLACEHOLDER = re.compile(
    r"example|sample|dummy|fake|placeholder|your[_-]|xxxx|\.\.\.|1234567|abcdef|a1b2c3|1a2b3c|abc123|123abc|test|redacted|changeme|localhost|password|\*\*\*|0{6,}",
    re.IGNORECASE,
)
BODY = re.compile(r"[A-Za-z0-9+/=\s\\n]{64,}")
SPREAD = 3.3


def secrets_in(sheet: Sheet) -> Iterator[Hit]:
    """Tokens that look real; examples and placeholders are left alone."""
    told: set[str] = set()
    text = folded(sheet.text)
    for name, pattern in PATTERNS.items():
        if not may_match(LITERALS[name], text):
            continue
        for match in pattern.finditer(sheet.text):
            value = match.group()
            if value in told or not _looks_real(name, value, sheet.text[match.end() : match.end() + 4000]):
                continue
            told.add(value)
            line = sheet.text.count("\n", 0, match.start()) + 1
            shown = f"{value[:8]}…"
            code = "MP3050" if name == "private-key" else "MP3101"
            yield Hit(f"secret.{name}", code, HOLDS, sheet.path, line, shown, params=(("kind", name),))


def _looks_real(name: str, value: str, after: str) -> bool:
    if name == "private-key":
        body = BODY.match(after.lstrip("\\n \n\r\"'+"))
        return body is not None
    return PLACEHOLDER.search(value) is None and _spread(value) > SPREAD


def _spread(text: str) -> float:
    """Shannon entropy in bits a letter."""
    counts = Counter(text)
    return -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
