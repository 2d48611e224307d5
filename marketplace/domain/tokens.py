"""The form of access tokens: a prefix that scanners know, random characters, a checksum that catches typing errors."""

from __future__ import annotations

import hashlib
import re
import secrets
import zlib

PREFIX = "amp_"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
RANDOM = 36
CHECKSUM = 6
PACKAGE = re.compile(r"@[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9][a-z0-9._-]*", re.ASCII)
PACKAGE_MOST = 110
SECRET = re.compile(rf"{PREFIX}[0-9A-Za-z]{{{RANDOM + CHECKSUM}}}")


def token_make() -> str:
    """A new secret: `amp_`, 36 random base62 characters (214 bits), 6 characters of checksum."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(RANDOM))
    return f"{PREFIX}{body}{_checksum(body)}"


def is_token(text: str) -> bool:
    """Whether the text can be one of our tokens: its form and its checksum are right."""
    if SECRET.fullmatch(text) is None:
        return False
    return text[-CHECKSUM:] == _checksum(text[len(PREFIX) : -CHECKSUM])


def digest_of(secret: str) -> str:
    """SHA-256 (hex) of the secret, by which it is found."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _checksum(body: str) -> str:
    number, letters = zlib.crc32(body.encode()), []
    for _ in range(CHECKSUM):
        number, rest = divmod(number, len(ALPHABET))
        letters.append(ALPHABET[rest])
    return "".join(letters)
