"""The offline entitlement: a signed line that says who may use which package until when (docs/payments.md).

Form: `ampe1.<payload>.<signature>`, both parts base64url without padding; the payload is JSON with sorted keys, the
signature is Ed25519 over the text `ampe1.<payload>`.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass

PREFIX = "ampe1"


class NotEntitlement(ValueError):
    """The text is no entitlement."""


@dataclass(frozen=True, slots=True)
class Entitlement:
    """What a token says; times in seconds since 1970, `grace` in seconds after `until`."""

    issuer: str
    key: str
    licence: str
    package: str
    major: int
    seat: str
    issued: int
    until: int
    grace: int


def unsigned(entitlement: Entitlement) -> str:
    """The part that is signed."""
    payload = json.dumps(asdict(entitlement), sort_keys=True, separators=(",", ":"))
    return f"{PREFIX}.{encoded(payload.encode())}"


def read(text: str) -> tuple[Entitlement, bytes, bytes]:
    """The entitlement, what was signed, and the signature; the signature is not checked. Raises NotEntitlement."""
    parts = text.strip().split(".")
    try:
        prefix, payload, signature = parts
        said = json.loads(decoded(payload))
        entitlement = Entitlement(**said)
    except (ValueError, TypeError, RecursionError) as error:
        raise NotEntitlement from error
    if prefix != PREFIX:
        raise NotEntitlement
    return entitlement, f"{prefix}.{payload}".encode(), decoded(signature)


def encoded(data: bytes) -> str:
    """base64url without padding (RFC 7515 §2)."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    """Back from `encoded`; raises ValueError."""
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
