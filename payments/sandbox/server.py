"""The sandbox over HTTP, on loopback only."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from payments.sandbox import pages, webhooks
from payments.sandbox.api import Call, answer
from payments.sandbox.control import control
from payments.sandbox.errors import Refusal
from payments.sandbox.store import Store
from payments.sandbox.world import World

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"
BODY_MOST = 1_000_000


class Sandbox(ThreadingHTTPServer):
    """The server with its world and its courier."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, path: Path | str, *, webhook_url: str = "", webhook_secret: str = "") -> None:
        """Listen on `port` (0: any free one); events go to `webhook_url`, signed with `webhook_secret`."""
        super().__init__((HOST, port), Handler)
        self.world = World(Store(path), f"http://localhost:{self.server_port}")
        if webhook_url:
            with self.world.store.transaction():
                webhooks.ensure(self.world, webhook_url, webhook_secret)
        self.courier = webhooks.Courier(self.world)

    def serve(self, *, delivers: bool = True) -> None:
        """Serve until `shutdown`; without `delivers`, events wait until somebody takes them."""
        if delivers:
            self.courier.start()
        try:
            self.serve_forever(poll_interval=0.05)
        finally:
            self.courier.is_over.set()
            self.server_close()


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    server: Sandbox
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Answer a read."""
        self._answer("")

    def do_POST(self) -> None:
        """Answer a write."""
        size = int(self.headers.get("Content-Length") or 0)
        if size > BODY_MOST:
            self.close_connection = True
            self._send(413, "{}", "application/json")
            return
        self._answer(self.rfile.read(size).decode(errors="replace"))

    def do_DELETE(self) -> None:
        """Answer an end."""
        self.do_POST()

    def _answer(self, body: str) -> None:
        path = urlsplit(self.path).path
        try:
            if path.startswith("/v1/"):
                headers = {name.lower(): value for name, value in self.headers.items()}
                said = answer(self.server.world, Call(self.command, self.path, headers, body))
                self._send(said.status, said.body, "application/json", dict(said.headers))
            elif path.startswith("/_sandbox/"):
                self._send(200, control(self.server.world, path, json.loads(body or "{}")), "application/json")
            else:
                self._page(path, dict(parse_qsl(body, keep_blank_values=True)))
        except Refusal as refusal:
            self._send(refusal.status, json.dumps({"error": refusal.error}), "application/json")

    def _page(self, path: str, form: dict[str, Any]) -> None:
        world, is_post = self.server.world, self.command == "POST"
        origin = self.headers.get("Origin", "")
        own = {f"http://{name}:{self.server.server_port}" for name in ("localhost", HOST)}
        if is_post and origin and origin not in own:
            raise Refusal("Forms of other sites are not taken.", status=403)
        match path.strip("/").split("/"):
            case [""]:
                status, text = pages.console_post(world, form) if is_post else pages.console(world)
            case ["pay", key]:
                status, text = pages.pay_post(world, key, form) if is_post else pages.pay_page(world, key)
            case ["portal", key]:
                status, text = pages.portal_post(world, key, form) if is_post else pages.portal_page(world, key)
            case ["papers", kind, key] | ["papers", kind, key, "pdf"]:
                status, text = pages.paper(world, kind, key)
            case _:
                raise Refusal("There is no such page.", status=404)
        redirect = {"Location": text} if status == 302 else {}  # noqa: PLR2004  (HTTP)
        self._send(status, "" if redirect else text, "text/html; charset=utf-8", redirect)

    def _send(self, status: int, text: str, media_type: str, headers: dict[str, str] | None = None) -> None:
        body = text.encode()
        self.send_response(status)
        for name, value in {"Content-Type": media_type, "Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  (the library's signature)
        """One line a request is no use to anybody."""
