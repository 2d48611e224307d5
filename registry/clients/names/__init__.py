"""What the name servers of a domain say."""

from __future__ import annotations

from django.conf import settings

from registry.clients.names.records import NamesFailed, Records

__all__ = ["NamesFailed", "Records", "records"]


def records() -> Records:
    """The resolver that the settings name: this machine's own, or the servers of DNS_SERVERS."""
    from registry.clients.names.resolver import Resolver  # noqa: PLC0415  (loaded only where it is used)

    return Resolver(settings.DNS_SERVERS, seconds=settings.DNS_SECONDS)
