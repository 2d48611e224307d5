"""Which machines the product may call: public ones, and those that OUTBOUND_ALLOW names."""

from __future__ import annotations

import ipaddress
import socket

from django.conf import settings


class AddressRefused(Exception):
    """The host does not resolve, or resolves to an address that is not public."""


def public_address(host: str, port: int) -> str:
    """One IP address of `host` that may be called; connect to it, not to the name, so that it cannot change.

    Raises AddressRefused when any of its addresses is private, loopback, link-local, shared or reserved
    (RFC 6890), unless OUTBOUND_ALLOW has `host:port`.
    """
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as error:
        raise AddressRefused(f"{host} cannot be found") from error
    if f"{host}:{port}" in settings.OUTBOUND_ALLOW:
        return min(found)
    for address in found:
        if not ipaddress.ip_address(address.split("%")[0]).is_global:
            raise AddressRefused(f"{host} is not a public address")
    return min(found)
