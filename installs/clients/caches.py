"""Shared caches before the site: each is told by `PURGE` which copy it holds is out of date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import httpx
from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from installs.domain.copies import Copy

TIMEOUT = httpx.Timeout(10.0, connect=2.0)


class CacheFailed(Exception):
    """A cache did not take the word; the text says which one and why."""


class Caches(Protocol):
    """Whoever keeps copies of what the site gives to everybody."""

    def refresh(self, copies: Iterable[Copy]) -> None:
        """Have each copy forgotten or fetched anew; raises CacheFailed after all were tried."""


class HttpCaches:
    """Caches that take `PURGE` at an address of their own, which the operator names; nobody else can reach it."""

    def __init__(self, addresses: Iterable[str]) -> None:
        """Speak to these addresses (`http://127.0.0.1:8081`)."""
        self._addresses = tuple(address.rstrip("/") for address in addresses)

    def refresh(self, copies: Iterable[Copy]) -> None:
        """One request for each copy and cache, all on one connection; a copy that a cache never had is fine."""
        failed = []
        wanted = tuple(copies)
        with httpx.Client(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client:
            for address in self._addresses:
                try:
                    for copy in wanted:
                        self._purge(client, address, copy)
                except (httpx.HTTPError, CacheFailed) as error:
                    failed.append(f"{address}: {error or type(error).__name__}")
        if failed:
            raise CacheFailed("; ".join(failed))

    def _purge(self, client: httpx.Client, address: str, copy: Copy) -> None:
        place = urlsplit(copy.url)
        headers = {
            "Host": place.netloc,
            "X-Forwarded-Proto": place.scheme,
            "Surrogate-Key": copy.key,
            "Accept": copy.accept or "*/*",
            "Accept-Encoding": copy.encoding or "identity",
        }
        with client.stream("PURGE", f"{address}{place.path}", headers=headers) as answer:
            if answer.status_code in {405, 501}:
                raise CacheFailed(f"PURGE is answered with {answer.status_code}")


def caches() -> Caches | None:
    """The caches of this site; None where none is named."""
    return HttpCaches(settings.PURGE_URLS) if settings.PURGE_URLS else None
