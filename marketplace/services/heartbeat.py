"""A sign of life: what beat sends and a worker runs every two seconds leaves the time in the cache."""

from __future__ import annotations

import time

from django.core.cache import cache

KEY = "heartbeat"
KEPT_SECONDS = 86_400


def heartbeat() -> None:
    """Leave the time."""
    cache.set(KEY, time.time(), KEPT_SECONDS)


def seconds_since_heartbeat() -> float | None:
    """How old the last sign of life is; None without one since yesterday."""
    left = cache.get(KEY)
    return None if left is None else max(time.time() - float(left), 0.0)
