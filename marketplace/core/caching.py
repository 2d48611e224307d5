"""A cache that may be gone: then nothing is remembered, and nothing fails."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

log = structlog.get_logger(__name__)
AGE_SECONDS = 86_400


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


def age(of: str) -> str:
    """The time since the last change of `of`, as a part of keys; to be asked before what is remembered is made."""
    return str(recall(f"age:{of}") or "")


def age_ends(of: str) -> None:
    """Let everything that was remembered in this age of `of` be forgotten; to be called after the commit."""
    remember(f"age:{of}", uuid4().hex, AGE_SECONDS)
