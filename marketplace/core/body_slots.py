"""Bodies are read by half of the threads at most, so that uploads which never end leave the other half to readers.

The server waits for a body as long as its connection lives. A proxy before web takes slow bodies in by itself
(deploy/nginx); without one this is what keeps the site answering.
"""

from __future__ import annotations

import threading
from typing import BinaryIO

from django.conf import settings
from django.core.exceptions import BadRequest

SECONDS = 1.0
"""How long a request waits for one of the others to have its body."""


class BodiesBusy(BadRequest):
    """Too many bodies are on their way."""


class Slots:
    """So many bodies at once."""

    def __init__(self, count: int, seconds: float = SECONDS) -> None:
        """Hand out `count` of them."""
        self._free = threading.BoundedSemaphore(count)
        self._seconds = seconds

    def take(self) -> None:
        """Take one; raises BodiesBusy when none gets free in time."""
        if not self._free.acquire(timeout=self._seconds):
            raise BodiesBusy("too many bodies are on their way")

    def give(self) -> None:
        """Give it back."""
        self._free.release()


class SlottedStream:
    """A body that takes a slot with its first read and gives it back once, with `release`."""

    def __init__(self, stream: BinaryIO, slots: Slots) -> None:
        """Read from `stream`."""
        self._stream = stream
        self._slots = slots
        self._has_slot = False

    def read(self, size: int = -1) -> bytes:
        """As the stream's own; raises BodiesBusy."""
        self._take()
        return self._stream.read(size)

    def readline(self, size: int = -1) -> bytes:
        """As the stream's own; raises BodiesBusy."""
        self._take()
        return self._stream.readline(size)

    def release(self) -> None:
        """The body is done with."""
        if self._has_slot:
            self._has_slot = False
            self._slots.give()

    def _take(self) -> None:
        if not self._has_slot:
            self._slots.take()
            self._has_slot = True


slots = Slots(max(settings.WEB_THREADS // 2, 1))
