"""Between a WSGI request and `git upload-pack`: streamed both ways, few at a time, nothing left behind."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from django.db import connections
from django.http import HttpResponse, StreamingHttpResponse

from installs.channels.git.body import beginning, body_of
from installs.clients.gitstore import Exchange, advertisement
from installs.domain import pktline
from marketplace.core.errors import LimitReached

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.http import HttpRequest

    from installs.clients.gitstore import Repository

    Opener = Callable[[str | None], Repository]

SERVICE = "git-upload-pack"
AT_ONCE = 8
PATIENCE_SECONDS = 2.0
slots = threading.BoundedSemaphore(AT_ONCE)


class Answer:
    """The pieces of an exchange; the database connection is given back before the first, the slot after the last."""

    def __init__(self, exchange: Exchange) -> None:
        """Take over the exchange and the slot that was acquired for it."""
        self.exchange = exchange
        self._is_open = True

    def __iter__(self) -> Iterator[bytes]:
        """Iterate once."""
        release_database()
        return self

    def __next__(self) -> bytes:
        """The next piece."""
        return next(self.exchange)

    def close(self) -> None:
        """Called by the server in every case: at the end, and when the client is gone."""
        if self._is_open:
            self._is_open = False
            slots.release()
            self.exchange.close()


def info_refs(request: HttpRequest, opener: Opener) -> HttpResponse:
    """Answer the first request of a fetch."""
    protocol = pktline.protocol_of(request.headers.get("Git-Protocol", ""))
    _take_slot()
    try:
        with opener(None) as repository:
            body = advertisement(repository, protocol)
    finally:
        slots.release()
    head = b"" if protocol.startswith("version=2") else pktline.service_head(SERVICE)
    return HttpResponse(head + body, content_type=f"application/x-{SERVICE}-advertisement")


def upload_pack(request: HttpRequest, opener: Opener) -> StreamingHttpResponse:
    """Answer the further requests: list refs, negotiate, send a pack.

    `opener` is asked for the repository that has the first wanted object (None: the request wants none).
    """
    head, body = beginning(body_of(request))
    _take_slot()
    try:
        repository = opener(pktline.first_want(head))
        release_database()
        exchange = Exchange(repository, body, pktline.protocol_of(request.headers.get("Git-Protocol", "")))
    except BaseException:
        slots.release()
        raise
    return StreamingHttpResponse(Answer(exchange), content_type=f"application/x-{SERVICE}-result")


def release_database() -> None:
    """Give this thread's connections back, so that none is held while bytes flow; one in a transaction is kept."""
    for connection in connections.all(initialized_only=True):
        if not connection.in_atomic_block:
            connection.close()


def _take_slot() -> None:
    if not slots.acquire(timeout=PATIENCE_SECONDS):
        raise LimitReached("MP5012")
