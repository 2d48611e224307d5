"""Seals short secrets that must be read again: a copied database or log shows nobody anything."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class SealBroken(Exception):
    """The text was not sealed for this purpose under this SECRET_KEY."""


def _fernet(purpose: str) -> Fernet:
    digest = hashlib.sha256(f"{purpose}:{settings.SECRET_KEY}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def sealed(text: str, *, purpose: str) -> str:
    """The text, encrypted and signed under SECRET_KEY for one purpose."""
    return _fernet(purpose).encrypt(text.encode()).decode()


def opened(text: str, *, purpose: str) -> str:
    """The text again; raises SealBroken when it was sealed for something else, or under another key."""
    try:
        return _fernet(purpose).decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise SealBroken(purpose) from error
