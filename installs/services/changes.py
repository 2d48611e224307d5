"""Marks in the cache that tell every process at once when something that everybody is served has changed.

One mark stands for the site, one for each package; a writer gives both new values after its commit. Whoever keeps an
answer asks for the site's mark at most every LOOK_SECONDS, and for the package's only when the site's is a new one.
"""

from __future__ import annotations

import hashlib
import time
from threading import Lock
from uuid import uuid4

import structlog
from django.core.cache import cache
from django.db import transaction

log = structlog.get_logger(__name__)

SITE = "changes"
KEPT_SECONDS = 3600
LOOK_SECONDS = 0.02
LATE_SECONDS = 0.5
"""How long the last mark is good while somebody else asks for the next one."""


def package_changed(full_name: str) -> None:
    """Give the package and the site new marks when the transaction is through."""
    transaction.on_commit(lambda: _renew(full_name), robust=True)


def marks_read(full_name: str) -> tuple[str, str] | None:
    """The marks of the site and of the package, made when there are none; None when the cache cannot be asked."""
    wanted = SITE, _key(full_name)
    try:
        found = cache.get_many(wanted)
        for key in wanted:
            if key not in found:
                cache.add(key, uuid4().hex, KEPT_SECONDS)
                found[key] = cache.get(key)
    except Exception as error:  # noqa: BLE001  (whatever the cache does, everything is asked of the views then)
        log.warning("changes.cache_failed", error=str(error))
        return None
    return str(found[SITE]), str(found[wanted[1]])


class Look:
    """The site's mark, as it was at most LOOK_SECONDS ago."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._mark: str | None = None
        self._until = 0.0
        self._asking = Lock()

    def mark(self) -> str | None:
        """The site's mark; None when there is none or the cache cannot be asked."""
        now = time.monotonic()
        if now < self._until:
            return self._mark
        if self._asking.acquire(blocking=False):
            try:
                self._mark = _site()
                self._until = now + LOOK_SECONDS
            finally:
                self._asking.release()
            return self._mark
        return self._mark if now < self._until + LATE_SECONDS else None

    def again(self) -> None:
        """Ask at the next opportunity: this process has just changed something itself."""
        self._until = 0.0


look = Look()


def _renew(full_name: str) -> None:
    fresh = uuid4().hex
    cache.set_many({SITE: fresh, _key(full_name): fresh}, KEPT_SECONDS)
    look.again()


def _site() -> str | None:
    try:
        found = cache.get(SITE)
    except Exception as error:  # noqa: BLE001  (likewise)
        log.warning("changes.cache_failed", error=str(error))
        return None
    return None if found is None else str(found)


def _key(full_name: str) -> str:
    return f"{SITE}:{hashlib.sha256(full_name.encode()).hexdigest()}"
