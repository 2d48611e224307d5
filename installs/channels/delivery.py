"""How a request's bytes leave, for the download rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.services.downloads import Delivery
from marketplace.core.clients import client_address

if TYPE_CHECKING:
    from django.http import HttpRequest


def delivery_of(request: HttpRequest, channel: str) -> Delivery:
    """Channel, user agent and client address of the request."""
    return Delivery(channel, request.headers.get("User-Agent", "")[:80], client_address(request.META))
