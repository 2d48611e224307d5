"""Keys, codes and times of command lines that wait for a person."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

SIGN_IN_LASTS = timedelta(minutes=10)
CODE_LASTS = timedelta(minutes=5)
TOKEN_DAYS = {"read": 90, "publish": 30, "manage": 7}
"""Days that a token from a sign-in lasts, by what it may do."""
SIX_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Waiting:
    """The two keys of a waiting command line: one opens the page, one asks whether it is done."""

    page: str
    poll: str


def waiting_make() -> Waiting:
    """Two new keys of 192 bits each."""
    return Waiting(secrets.token_urlsafe(24), secrets.token_urlsafe(24))


def code_make() -> str:
    """A code that a confirmed command sends with its repeated request."""
    return secrets.token_urlsafe(24)


def digest_of(key: str) -> str:
    """SHA-256 in hex: what is kept of a key."""
    return hashlib.sha256(key.encode()).hexdigest()


def is_digits(code: str) -> bool:
    """Whether the code is one that a person reads from their device."""
    return len(code) == SIX_DIGITS and code.isascii() and code.isdigit()
