"""Uploads that never end, from clients that stall or go away, leave the site to everybody else."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from tests.clients.nginx import ask

if TYPE_CHECKING:
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = pytest.mark.clients
THREADS = 8


def stalled(site: LiveSite, by: Person) -> socket.socket:
    """An upload whose body has begun and does not go on."""
    held = socket.create_connection(("127.0.0.1", site.port))
    head = (
        f"PUT /npm/@{by.publisher}/slow HTTP/1.1",
        f"Host: localhost:{site.port}",
        f"Authorization: Bearer {by.token}",
        "Content-Type: application/json",
        "Content-Length: 100000",
    )
    held.sendall("\r\n".join(head).encode() + b'\r\n\r\n{"name"')
    return held


def test_stalled_uploads_leave_threads_to_readers_and_gone_ones_end(live_site: LiveSite, publisher: Person) -> None:
    held = [stalled(live_site, publisher) for _ in range(2 * THREADS)]
    try:
        for _ in range(3):
            assert ask(f"{live_site.url}/readyz").status == 200
    finally:
        for one in held:
            one.close()
    left = stalled(live_site, publisher)
    left.shutdown(socket.SHUT_WR)
    left.settimeout(30)
    assert left.recv(100).startswith(b"HTTP/1.1 400")
    left.close()


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "[::1", "a b", ""])
def test_hostile_hosts_get_400(live_site: LiveSite, host: str) -> None:
    with socket.create_connection(("127.0.0.1", live_site.port), timeout=30) as asked:
        asked.sendall(f"GET /npm/@acme/x HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert asked.recv(100).startswith(b"HTTP/1.1 400")
