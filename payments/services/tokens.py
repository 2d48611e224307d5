"""Offline entitlements: made for who may use a package now, checked by anybody with the public key."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from marketplace.core.errors import NotAllowed
from marketplace.domain.audit import Action
from marketplace.models import User
from marketplace.services.audit import audit
from payments.domain.entitlement import Entitlement, NotEntitlement, encoded, read, unsigned
from payments.services.access import may_see
from payments.services.entitlements import ensure_entitled
from payments.services.switch import ensure_selling
from registry.services.signing import signing_key

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from payments.models import Licence

INFO = b"agent-marketplace entitlement v1"
LASTS = timedelta(days=31)
GRACE = timedelta(days=7)


def entitlement_key() -> Ed25519PrivateKey:
    """The instance's key for entitlements, derived (HKDF-SHA256) from its signing key, so every pod has the same."""
    number = signing_key().private.private_numbers().private_value.to_bytes(32, "big")
    seed = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=INFO).derive(number)
    return Ed25519PrivateKey.from_private_bytes(seed)


def public_key() -> tuple[str, str]:
    """The key's id (first 16 hex characters of the SHA-256 of its 32 bytes) and the bytes in base64url."""
    raw = entitlement_key().public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16], encoded(raw)


@transaction.atomic
def entitlement_make(*, licence: Licence, major: int, by: Viewer) -> str:
    """A token for the viewer's own use of the package, good to the end of what is paid (31 days at most).

    Raises NotFound MP9001, NotAllowed MP6002 to MP6007, MP6041, SignInNeeded MP6001.
    """
    ensure_selling()
    ensure_entitled(by, licence.package)
    if not may_see(by, licence):
        raise NotAllowed("MP6041")
    now = timezone.now()
    until = min(licence.open_until or now + LASTS, now + LASTS)
    said = Entitlement(
        issuer=settings.BASE_URL, key=public_key()[0], licence=str(licence.public_id),
        package=licence.package.full_name, major=major, seat=_seat(by), issued=int(now.timestamp()),
        until=int(until.timestamp()), grace=int(GRACE.total_seconds()),
    )  # fmt: skip
    text = unsigned(said)
    audit(
        Action.LICENCE_TOKEN, by=by, kind="licence", subject=licence.public_id, name=licence.package.full_name,
        organization_id=licence.organization_id, data={"until": said.until, "major": major},
    )  # fmt: skip
    return f"{text}.{encoded(entitlement_key().sign(text.encode()))}"


def _seat(by: Viewer) -> str:
    """Who may use it, by public id."""
    return str(User.objects.values_list("public_id", flat=True).get(pk=by.user_id or 0))


def entitlement_check(text: str) -> Entitlement:
    """The entitlement, when this instance signed it; raises NotEntitlement. Its times are the caller's to judge."""
    said, message, signature = read(text)
    try:
        entitlement_key().public_key().verify(signature, message)
    except InvalidSignature as error:
        raise NotEntitlement from error
    return said
