"""Whether anything is sold here."""

from __future__ import annotations

from django.conf import settings

from marketplace.core.errors import NotFound


def is_selling() -> bool:
    """Whether the operator sells (PAYMENTS is not off)."""
    return bool(settings.PAYMENTS != "off")


def ensure_selling() -> None:
    """Raise NotFound MP9001 where nothing is sold: prices and their pages do not exist then."""
    if not is_selling():
        raise NotFound("MP9001")
