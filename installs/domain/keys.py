"""Keys of personal addresses: unguessable, and kept only as digests and sealed."""

from __future__ import annotations

import hashlib
import re
import secrets

BYTES = 24
KEY = re.compile(r"[A-Za-z0-9_-]{32}")


def key_make() -> str:
    """A new key: 192 random bits as 32 characters that are safe in an address."""
    return secrets.token_urlsafe(BYTES)


def is_key(text: str) -> bool:
    """Whether the text has the form of a key."""
    return KEY.fullmatch(text) is not None


def digest_of(key: str) -> str:
    """SHA-256 (hex) of the key, by which it is found."""
    return hashlib.sha256(key.encode()).hexdigest()
