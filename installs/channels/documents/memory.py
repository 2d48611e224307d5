"""A bounded memory of bodies and answers in this process; the least recently used go first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
MOST_BYTES = 64 * 1024 * 1024


class Memory(Generic[K, V]):
    """The most recently used values of at most `limit` bytes together; safe among threads."""

    def __init__(self, limit: int) -> None:
        """Hold nothing yet."""
        self._limit = limit
        self._size = 0
        self._values: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: K) -> V | None:
        """The value, which is then the most recent one; None when it is not held."""
        with self._lock:
            held = self._values.get(key)
            if held is None:
                return None
            self._values.move_to_end(key)
            return held[0]

    def put(self, key: K, value: V, size: int) -> None:
        """Hold the value of `size` bytes and let go of the oldest ones; one beyond the limit is not held."""
        if size > self._limit:
            return
        with self._lock:
            self._drop(key)
            self._size += size
            self._values[key] = value, size
            while self._size > self._limit:
                _, (_, oldest) = self._values.popitem(last=False)
                self._size -= oldest

    def drop(self, key: K) -> None:
        """Hold it no longer."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: K) -> None:
        self._size -= self._values.pop(key, (None, 0))[1]


bodies: Memory[tuple[str, str], tuple[bytes, bytes]] = Memory(MOST_BYTES)
"""Bodies of documents, plain and gzip; each is named by its digest, so what is held is never stale."""
