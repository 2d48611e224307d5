"""Signed page cursors: a client can hand one back, not make one up."""

from __future__ import annotations

from typing import Any

from django.core import signing

from marketplace.core.errors import Invalid

SALT = "cursor"


def encode(position: dict[str, Any]) -> str:
    """`position` (JSON-able) as an opaque text."""
    return signing.dumps(position, salt=SALT, compress=True)


def decode(text: str) -> dict[str, Any]:
    """The position that `encode` was given; raises Invalid MP9012 for anything else."""
    try:
        position = signing.loads(text, salt=SALT)
    except signing.BadSignature as error:
        raise Invalid("MP9012") from error
    if not isinstance(position, dict):
        raise Invalid("MP9012")
    return position
