"""A reviewer's service on loopback, as the Messages API answers it: busy, overloaded, slow, or with an opinion."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator


class Service(ThreadingHTTPServer):
    """`status` and `concerns` say how it answers, `is_slow` that it does not; `asked` keeps what came."""

    status = 200
    concerns: Any = ()
    is_slow = False

    def __init__(self) -> None:
        """Listen on a free port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[dict[str, Any]] = []
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    """Answers one question."""

    server: Service

    def do_POST(self) -> None:
        """Say what the service was told to say."""
        self.server.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        if self.server.is_slow:
            self.server.ended.wait(30)
            return
        body = json.dumps(self._message() if self.server.status == 200 else self._error()).encode()
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("retry-after-ms", "1")
        self.end_headers()
        self.wfile.write(body)

    def _error(self) -> dict[str, Any]:
        return {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}

    def _message(self) -> dict[str, Any]:
        use = {"type": "tool_use", "id": "toolu_1", "name": "report", "input": {"concerns": self.server.concerns}}
        usage = {"input_tokens": 900, "output_tokens": 100}
        head = {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude", "stop_reason": "tool_use"}
        return {**head, "stop_sequence": None, "content": [use], "usage": usage}

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def service() -> Iterator[Service]:
    """A running service."""
    with Service() as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield made
        made.ended.set()
        made.shutdown()
        thread.join()
