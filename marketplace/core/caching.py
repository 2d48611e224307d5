"""A cache that may be gone: then nothing is remembered, and nothing fails."""

from __future__ import annotations

from typing import Any

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)


def recall(key: str) -> Any:
    """What was remembered; None when nothing was, or when the cache cannot be asked."""
    try:
        return cache.get(key)
    except RedisError as error:
        log.warning("cache.failed", key=key, error=str(error))
        return None


def remember(key: str, value: Any, seconds: int) -> None:
    """Remember the value for some seconds, if the cache can be reached."""
    try:
        cache.set(key, value, seconds)
    except RedisError as error:
        log.warning("cache.failed", key=key, error=str(error))
