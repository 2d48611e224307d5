"""Where facts wait until they are written down in bulk: a bounded stream in Redis, and the salts of these days."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from redis import Redis
from redis.exceptions import RedisError

if TYPE_CHECKING:
    from datetime import date

STREAM = "usage:facts"
MOST = 50_000
SALT_SECONDS = 2 * 24 * 3600
SECONDS = 0.3


class QueueFailed(Exception):
    """The queue cannot be reached; what was to be noted is lost, and that is all."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line with its place in the queue."""

    position: str
    line: str


class UsageQueue(Protocol):
    """Keeps lines in order until they are forgotten."""

    def salt(self, day: date) -> bytes:
        """The day's random salt, the same for every process; it is gone after two days. Raises QueueFailed."""
        ...

    def put(self, line: str) -> None:
        """Add a line; the oldest of more than MOST are dropped. Raises QueueFailed."""
        ...

    def read(self, after: str, most: int) -> list[Waiting]:
        """The first lines behind a place. Raises QueueFailed."""
        ...

    def forget(self, position: str) -> None:
        """Drop everything up to that place. Raises QueueFailed."""
        ...


class RedisQueue:
    """A stream: its places grow with time, so that a queue that was lost goes on behind the last place."""

    def __init__(self, url: str) -> None:
        """Connect at the first call."""
        self.redis: Any = Redis.from_url(url, socket_timeout=SECONDS, socket_connect_timeout=SECONDS)
        self.salts: dict[date, bytes] = {}

    def salt(self, day: date) -> bytes:
        """Made by whoever asks first."""
        known = self.salts.get(day)
        if known is None:
            key = f"usage:salt:{day.isoformat()}"
            try:
                self.redis.set(key, secrets.token_bytes(32), nx=True, ex=SALT_SECONDS)
                known = bytes(self.redis.get(key))
            except (RedisError, TypeError) as error:
                raise QueueFailed(str(error)) from error
            self.salts = dict([*self.salts.items(), (day, known)][-2:])
        return known

    def put(self, line: str) -> None:
        """One call."""
        try:
            self.redis.xadd(STREAM, {"f": line}, maxlen=MOST, approximate=True)
        except RedisError as error:
            raise QueueFailed(str(error)) from error

    def read(self, after: str, most: int) -> list[Waiting]:
        """One call."""
        try:
            found = self.redis.xrange(STREAM, min=f"({after}", count=most)
        except RedisError as error:
            raise QueueFailed(str(error)) from error
        return [Waiting(key.decode(), fields.get(b"f", b"").decode("utf-8", "replace")) for key, fields in found]

    def forget(self, position: str) -> None:
        """One call; exact, so that the queue of a quiet site becomes empty."""
        milliseconds, _, sequence = position.partition("-")
        try:
            self.redis.xtrim(STREAM, minid=f"{milliseconds}-{int(sequence) + 1}", approximate=False)
        except RedisError as error:
            raise QueueFailed(str(error)) from error


@lru_cache(maxsize=2)
def _queue(url: str) -> RedisQueue:
    return RedisQueue(url)


def usage_queue() -> UsageQueue:
    """The queue beside the cache."""
    return _queue(str(settings.CACHES["default"]["LOCATION"]))
