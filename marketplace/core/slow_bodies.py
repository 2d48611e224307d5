"""Ends connections on which a body comes in too slowly, so that the thread which waits for it comes back.

The least rate is one piece (16 KiB) in `seconds`; the whole body has `whole` seconds. The server does not say which
connection a request came by, so a late body ends what is slow from its address: connections that got less than a
piece and were answered nothing in that time. Beside the body's own these are idle ones, which clients open anew.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import structlog

from marketplace.core.connections import connections, plain_address

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from marketplace.core.connections import Connection

log = structlog.get_logger(__name__)
PIECE = 16 * 1024
TICK = 1.0


@dataclass(slots=True, eq=False)
class Incoming:
    """A body on its way; `since` is when the wait for the present piece began, None while nobody waits."""

    address: str
    port: int
    length: int | None
    began: float
    piece: int = PIECE
    received: int = 0
    since: float | None = None
    is_cut: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether every byte that was announced is there."""
        return self.length is not None and self.received >= self.length


@dataclass(slots=True)
class History:
    """How many bytes a connection had received when."""

    samples: deque[tuple[float, int]] = field(default_factory=deque)

    def note(self, now: float, received: int, seconds: float) -> int | None:
        """Bytes that came in the last `seconds`; None when it is not known for so long."""
        self.samples.append((now, received))
        while len(self.samples) > 1 and self.samples[1][0] <= now - seconds:
            self.samples.popleft()
        then, before = self.samples[0]
        return received - before if then <= now - seconds else None


class Watchman:
    """Looks at the bodies under way every second, in a thread of its own that sleeps while there are none."""

    def __init__(self, seconds: float, whole: float) -> None:
        """Give a piece `seconds` and a body `whole` seconds."""
        self.seconds, self.whole = seconds, whole
        self._changed = threading.Condition()
        self._waiting: set[Incoming] = set()
        self._histories: dict[int, History] = {}
        self._thread: threading.Thread | None = None

    @contextmanager
    def watching(self, incoming: Incoming) -> Iterator[None]:
        """Watch the body while the block waits for its next piece."""
        incoming.since = time.monotonic()
        with self._changed:
            self._waiting.add(incoming)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="slow-bodies", daemon=True)
                self._thread.start()
            elif len(self._waiting) == 1:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._waiting.discard(incoming)
            incoming.since = None

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._waiting:
                    self._histories.clear()
                    self._changed.wait()
                waiting = list(self._waiting)
            self._look(waiting, time.monotonic())
            time.sleep(TICK)

    def _look(self, waiting: Iterable[Incoming], now: float) -> None:
        by_place: dict[tuple[int, str], list[Incoming]] = {}
        for body in waiting:
            by_place.setdefault((body.port, plain_address(body.address)), []).append(body)
        seen: dict[int, History] = {}
        for port in {port for port, _ in by_place}:
            addresses = {address for at, address in by_place if at == port}
            for connection in connections(port, addresses):
                history = self._histories.get(connection.number, History())
                seen[connection.number] = history
                came = history.note(now, connection.received, self.seconds)
                self._judge(connection, came, by_place[port, connection.address], now)
        self._histories = seen

    def _judge(self, connection: Connection, came: int | None, bodies: list[Incoming], now: float) -> None:
        late = [body for body in bodies if now - (body.since or now) > self.seconds]
        endless = [body for body in bodies if now - body.began > self.whole]
        is_slow = came is not None and came < PIECE and connection.silent >= self.seconds
        if (late and is_slow) or (endless and connection.silent >= self.whole):
            for body in (*late, *endless):
                body.is_cut = True
            connection.end_input()
            log.info("body.cut", address=connection.address, received=connection.received)
