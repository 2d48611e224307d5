"""How often somebody may do something: counters in Redis, whose failure stops nobody."""

from __future__ import annotations

import time
from dataclasses import dataclass

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from marketplace.core.errors import LimitReached

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` times in each `seconds`, counted under `name`."""

    name: str
    most: int
    seconds: int = 60

    def spend(self, who: str) -> None:
        """Count one for `who`; raises LimitReached MP9006 with the seconds to wait."""
        now = int(time.time())
        key = f"rate:{self.name}:{who}:{now // self.seconds}"
        try:
            cache.add(key, 0, self.seconds * 2)
            count = cache.incr(key)
        except (RedisError, ValueError) as error:
            log.warning("rate.cache_failed", error=str(error))
            return
        if count > self.most:
            raise LimitReached("MP9006", {"seconds": self.seconds - now % self.seconds})
