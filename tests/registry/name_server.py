"""A name server and a host of files on loopback: what publishers' proofs are looked up at."""

from __future__ import annotations

import socketserver
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import dns.message
import dns.rcode
import dns.rrset

if TYPE_CHECKING:
    from collections.abc import Iterator


class Elsewhere:
    """`texts` are TXT records by name, `files` bodies by path; `is_broken` says that neither server is well."""

    def __init__(self, names: socketserver.UDPServer, files: ThreadingHTTPServer) -> None:
        """Stand before the two servers."""
        self.texts: dict[str, list[str]] = {}
        self.files: dict[str, str] = {}
        self.is_broken = False
        self.name_server = f"127.0.0.1:{names.server_address[1]}"
        self.files_host = f"127.0.0.1:{files.server_port}"


class Names(socketserver.BaseRequestHandler):
    """Answers one question about TXT records."""

    elsewhere: Elsewhere

    def handle(self) -> None:
        """Say what is known."""
        data, socket = self.request
        asked = dns.message.from_wire(data)
        answer = dns.message.make_response(asked)
        name = asked.question[0].name
        found = self.elsewhere.texts.get(str(name).rstrip("."))
        if self.elsewhere.is_broken:
            answer.set_rcode(dns.rcode.SERVFAIL)
        elif found is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        else:
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "TXT", *(f'"{text}"' for text in found)))
        socket.sendto(answer.to_wire(), self.client_address)


class Files(BaseHTTPRequestHandler):
    """Answers one request for a file."""

    elsewhere: Elsewhere

    def do_GET(self) -> None:
        """Send it."""
        found = self.elsewhere.files.get(self.path)
        status = 503 if self.elsewhere.is_broken else 404 if found is None else 200
        body = (found or "").encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    """Both servers, running."""
    with (
        socketserver.UDPServer(("127.0.0.1", 0), Names) as names,
        ThreadingHTTPServer(("127.0.0.1", 0), Files) as files,
    ):
        made = Elsewhere(names, files)
        Names.elsewhere = Files.elsewhere = made
        threads = [
            threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True) for server in (names, files)
        ]
        for thread in threads:
            thread.start()
        yield made
        names.shutdown()
        files.shutdown()
        for thread in threads:
            thread.join()
