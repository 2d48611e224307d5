"""Seals a key so that its owner can be shown it again, and a copied database shows nobody anything."""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


def _fernet() -> Fernet:
    digest = hashlib.sha256(b"installs.personal-address:" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(digest))


def sealed(key: str) -> bytes:
    """The key, encrypted under SECRET_KEY."""
    return _fernet().encrypt(key.encode())


def opened(data: bytes | memoryview) -> str | None:
    """The key again; None when SECRET_KEY has changed since."""
    try:
        return _fernet().decrypt(bytes(data)).decode()
    except InvalidToken:
        return None
