"""The key that signs published versions: P-256, made once, readable by its owner only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from house import record

if TYPE_CHECKING:
    from pathlib import Path


def ensure(path: Path) -> None:
    """Make the key when there is none; never replaces one."""
    if path.exists():
        return
    from cryptography.hazmat.primitives import serialization  # noqa: PLC0415  (stands in the virtual environment)
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    record.write(path, key.private_bytes(*form).decode())
