"""Where a request comes from, behind as many proxies as the operator trusts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Mapping


def client_address(meta: Mapping[str, Any]) -> str:
    """The client's address: the TRUSTED_PROXIES-th from the right of X-Forwarded-For, or the peer's."""
    hops = [hop.strip() for hop in str(meta.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()]
    trusted = settings.TRUSTED_PROXIES
    if trusted and len(hops) >= trusted:
        return hops[-trusted]
    return str(meta.get("REMOTE_ADDR", ""))
