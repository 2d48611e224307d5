"""The registry's checks of the doctor: the store and the signing key."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from django.conf import settings

from marketplace.core.checkup import Level, Line
from registry.clients.artifacts import artifact_store
from registry.services.signing import sign, signing_key, verify

if TYPE_CHECKING:
    from collections.abc import Iterator


def storage_look() -> Iterator[Line]:
    """The store can be written."""
    place = f"bucket {settings.GS_BUCKET}" if settings.GS_BUCKET else f"folder {settings.ARTIFACT_DIR}"
    try:
        artifact_store().check()
    except OSError as error:
        yield Line(Level.PROBLEM, "storage", f"{place}: {error}", "Give the process the right to write there.")
    else:
        yield Line(Level.OK, "storage", f"{place} can be written")


def signing_look() -> Iterator[Line]:
    """The key signs, and what it signs can be verified."""
    digest = secrets.token_hex(64)
    signature, keyid = sign("@doctor/check", "1.0.0", digest)
    if not verify(signature, "@doctor/check", "1.0.0", digest):
        yield Line(
            Level.PROBLEM, "signing key", f"{keyid} does not verify", "Put the right P-256 key into SIGNING_KEY_FILE."
        )
    elif not settings.SIGNING_KEY_FILE:
        yield Line(
            Level.WARNING,
            "signing key",
            "SIGNING_KEY_FILE is not set; a key of this machine is used",
            "Set it, so that every machine signs with one key.",
        )
    else:
        yield Line(Level.OK, "signing key", f"{signing_key().keyid} signs")
