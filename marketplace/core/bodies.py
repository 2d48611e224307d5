"""Bodies on their way in: few at a time, and none slower than the least rate.

The server waits for a body as long as its connection lives, in a thread that answers requests. So half of the threads
at most take bodies in, some more wait shortly for their turn, and the rest are for readers. A proxy before web takes
slow bodies in by itself (deploy/nginx); without one this is what keeps the site answering.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, BinaryIO

from django.conf import settings

from marketplace.core.errors import Busy, TooSlow
from marketplace.core.slow_bodies import Incoming, Watchman

if TYPE_CHECKING:
    from collections.abc import Mapping

TURN_SECONDS = 1.0
RETRY_SECONDS = 5


class Slots:
    """So many bodies at once, and half as many requests that wait for their turn."""

    def __init__(self, count: int, seconds: float = TURN_SECONDS) -> None:
        """Hand out `count` of them; one waits at most `seconds`."""
        self._free = threading.BoundedSemaphore(count)
        self._waiting = threading.BoundedSemaphore(max(count // 2, 1))
        self._seconds = seconds

    def take(self) -> None:
        """Take one; raises Busy MP9016 when none gets free in time, or too many wait already."""
        if self._free.acquire(blocking=False) or self._waited():
            return
        raise Busy("MP9016", {"seconds": RETRY_SECONDS})

    def give(self) -> None:
        """Give it back."""
        self._free.release()

    def _waited(self) -> bool:
        if not self._waiting.acquire(blocking=False):
            return False
        try:
            return self._free.acquire(timeout=self._seconds)
        finally:
            self._waiting.release()


class Body:
    """A body that has a slot from its first read to its last byte, or until `release`."""

    def __init__(self, stream: BinaryIO, incoming: Incoming, slots: Slots, watchman: Watchman) -> None:
        """Read from `stream`, watched by `watchman`."""
        self._stream, self._incoming = stream, incoming
        self._slots, self._watchman = slots, watchman
        self._has_slot = self._is_released = False

    def read(self, size: int = -1) -> bytes:
        """As much as asked for, less at the end only; raises Busy MP9016, TooSlow MP9017."""
        data = bytearray()
        while size < 0 or len(data) < size:
            wanted = self._incoming.piece if size < 0 else min(self._incoming.piece, size - len(data))
            piece = self._piece(wanted)
            data += piece
            if len(piece) < wanted:
                break
        return bytes(data)

    def readline(self, size: int = -1) -> bytes:
        """One line, or at most `size` bytes of it; raises like `read`."""
        line = bytearray()
        while (size < 0 or len(line) < size) and not line.endswith(b"\n"):
            byte = self._piece(1)
            if not byte:
                break
            line += byte
        return bytes(line)

    def release(self) -> None:
        """The body is done with; what is read later (beside a streamed answer) takes no slot."""
        self._is_released = True
        if self._has_slot:
            self._has_slot = False
            self._slots.give()

    def _piece(self, size: int) -> bytes:
        if not (self._has_slot or self._is_released):
            self._slots.take()
            self._has_slot = True
        with self._watchman.watching(self._incoming):
            piece = self._stream.read(size)
        self._incoming.received += len(piece)
        if len(piece) < size and self._incoming.is_cut:
            raise TooSlow("MP9017", {"bytes": self._incoming.piece, "seconds": round(self._watchman.seconds)})
        if len(piece) < size or self._incoming.is_whole:
            self.release()
        return piece


def body_of(environ: Mapping[str, str], stream: BinaryIO) -> Body:
    """The body of a request, with this process's slots and watchman."""
    length = environ.get("CONTENT_LENGTH", "")
    incoming = Incoming(
        address=environ.get("REMOTE_ADDR", ""),
        port=int(environ.get("SERVER_PORT") or 0),
        length=int(length) if length.isdigit() else None,
        began=time.monotonic(),
    )
    return Body(stream, incoming, slots, watchman)


slots = Slots(max(settings.WEB_THREADS // 2, 1))
watchman = Watchman(settings.BODY_PIECE_SECONDS, settings.BODY_WHOLE_SECONDS)
