"""A bounded memory of document bodies in this process; what it holds is named by its digest, so never stale."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

MOST_BYTES = 64 * 1024 * 1024


class Memory:
    """The most recently used values of at most `limit` bytes together; safe among threads."""

    def __init__(self, limit: int) -> None:
        """Hold nothing yet."""
        self._limit = limit
        self._size = 0
        self._values: OrderedDict[tuple[str, str], tuple[bytes, bytes]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, str]) -> tuple[bytes, bytes] | None:
        """The value, which is then the most recent one; None when it is not held."""
        with self._lock:
            value = self._values.get(key)
            if value is not None:
                self._values.move_to_end(key)
            return value

    def put(self, key: tuple[str, str], value: tuple[bytes, bytes]) -> None:
        """Hold the value and let go of the oldest ones; one beyond the limit is not held."""
        size = sum(map(len, value))
        if size > self._limit:
            return
        with self._lock:
            before = self._values.pop(key, None)
            self._size += size - (sum(map(len, before)) if before else 0)
            self._values[key] = value
            while self._size > self._limit:
                _, oldest = self._values.popitem(last=False)
                self._size -= sum(map(len, oldest))


bodies = Memory(MOST_BYTES)
