"""Every published version is signed: ECDSA P-256 over `name@version:integrity`, as npm clients verify it."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The instance's key: its id (`SHA256:` and the base64 digest of the SPKI), public part (base64 DER) and itself."""

    keyid: str
    public: str
    private: ec.EllipticCurvePrivateKey


@cache
def signing_key() -> SigningKey:
    """The key in SIGNING_KEY_FILE; raises ImproperlyConfigured when it is not a P-256 key in PEM."""
    path = Path(settings.SIGNING_KEY_FILE or settings.DATA_DIR / "signing-key.pem")
    if not path.exists() and not settings.SIGNING_KEY_FILE:
        _make(path)
    private = serialization.load_pem_private_key(path.read_bytes(), password=None)
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise ImproperlyConfigured("SIGNING_KEY_FILE must hold an EC P-256 private key in PEM.")
    spki = private.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return SigningKey(keyid_of(spki), base64.b64encode(spki).decode(), private)


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key that versions were signed with; `expires` (ISO 8601) when it signs no more."""

    keyid: str
    public: str
    expires: str | None = None


def public_keys() -> list[PublicKey]:
    """The key that signs, then the retired ones of SIGNING_KEYS_RETIRED; raises ImproperlyConfigured."""
    key = signing_key()
    return [PublicKey(key.keyid, key.public), *retired_keys(settings.SIGNING_KEYS_RETIRED)]


def public_key(keyid: str) -> PublicKey | None:
    """The key of that id; None when this instance does not know it."""
    return next((key for key in public_keys() if key.keyid == keyid), None)


@cache
def retired_keys(path: str) -> tuple[PublicKey, ...]:
    """The keys in a JSON list of `{"key": base64 DER, "expires": ISO 8601}`; raises ImproperlyConfigured."""
    if not path:
        return ()
    try:
        rows = json.loads(Path(path).read_text(encoding="utf-8"))
        return tuple(_retired(row["key"], row["expires"]) for row in rows)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ImproperlyConfigured(f"SIGNING_KEYS_RETIRED cannot be read: {error}") from error


def _retired(public: str, expires: str) -> PublicKey:
    ended = datetime.fromisoformat(expires).astimezone(UTC)
    _loaded(public)
    return PublicKey(keyid_of(base64.b64decode(public)), public, ended.strftime("%Y-%m-%dT%H:%M:%S.000Z"))


def _loaded(public: str) -> ec.EllipticCurvePublicKey:
    key = serialization.load_der_public_key(base64.b64decode(public))
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise TypeError("not an EC key")
    return key


def keyid_of(spki: bytes) -> str:
    """The id of a public key (DER)."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(spki).digest()).decode().rstrip("=")


def integrity(sha512_hex: str) -> str:
    """The Subresource Integrity form of a SHA-512 (hex)."""
    return "sha512-" + base64.b64encode(bytes.fromhex(sha512_hex)).decode()


def message(full_name: str, number: str, sha512_hex: str) -> bytes:
    """What is signed for a version."""
    return f"{full_name}@{number}:{integrity(sha512_hex)}".encode()


def sign(full_name: str, number: str, sha512_hex: str) -> tuple[str, str]:
    """The signature (base64 DER) and the id of the key."""
    key = signing_key()
    signature = key.private.sign(message(full_name, number, sha512_hex), ec.ECDSA(hashes.SHA256()))
    return base64.b64encode(signature).decode(), key.keyid


def verify(signature: str, full_name: str, number: str, sha512_hex: str, *, keyid: str = "") -> bool:
    """Whether `signature` is for that version by the key of that id, else by the one that signs."""
    key = public_key(keyid or signing_key().keyid)
    if key is None:
        return False
    try:
        _loaded(key.public).verify(
            base64.b64decode(signature), message(full_name, number, sha512_hex), ec.ECDSA(hashes.SHA256())
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    beside = path.with_suffix(".new")
    beside.touch(mode=0o600)
    beside.write_bytes(pem)
    beside.replace(path)
