"""The WSGI application with chunked bodies: Django reads nothing without a Content-Length otherwise."""

from __future__ import annotations

from typing import Any, BinaryIO, cast

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest

from marketplace.core.bodies import body_of
from marketplace.core.temporary import leftovers_sweep


class BoundedStream:
    """A body of unknown length that ends at the server's end of input or at `limit` bytes."""

    def __init__(self, stream: BinaryIO, limit: int) -> None:
        """Read from `stream` at most `limit` bytes."""
        self._stream = stream
        self._left = limit

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes; empty at the end."""
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._stream.read(wanted) if wanted else b""
        self._left -= len(data)
        return data

    def readline(self, size: int = -1) -> bytes:
        """One line, or at most `size` bytes of it."""
        wanted = self._left if size < 0 else min(size, self._left)
        data = self._stream.readline(wanted) if wanted else b""
        self._left -= len(data)
        return data


class ChunkedRequest(WSGIRequest):
    """A request whose body may come without a length (RFC 9112 §7.1), capped at UPLOAD_MAX_BYTES * 2."""

    def __init__(self, environ: dict[str, Any]) -> None:
        """Wrap the server's input when it says that it ends by itself."""
        super().__init__(environ)
        chunked = "chunked" in environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if not environ.get("CONTENT_LENGTH") and (environ.get("wsgi.input_terminated") or chunked):
            body = BoundedStream(environ["wsgi.input"], settings.UPLOAD_MAX_BYTES * 2)
            self._stream = cast("BinaryIO", body)  # Django reads; nothing else is asked of it


class Handler(WSGIHandler):
    """Django's handler with our request, whose body is read while there is room for it."""

    request_class = ChunkedRequest

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer; the body is done with when the answer begins."""
        if not (environ.get("CONTENT_LENGTH") or environ.get("HTTP_TRANSFER_ENCODING")):
            return super().__call__(environ, start_response)
        body = body_of(environ, environ["wsgi.input"])
        try:
            return super().__call__(environ | {"wsgi.input": body}, start_response)
        finally:
            body.release()


def application_of() -> Handler:
    """Set Django up, take away what a killed process left, and return the application."""
    django.setup(set_prefix=False)
    leftovers_sweep()
    return Handler()
