"""Uploads that never end, from clients that stall, drip or go away, leave the site to everybody else."""

from __future__ import annotations

import os
import socket
import time
from typing import TYPE_CHECKING

import pytest

from tests import live_site as sites
from tests.clients.nginx import ask

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.databases import Server
    from tests.live_site import LiveSite

pytestmark = pytest.mark.clients
THREADS = 8
SECONDS = 2
BEGUN = b'--x\r\nContent-Disposition: form-data; name="f"; filename="a.zip"\r\nContent-Type: application/zip\r\n\r\n'
JSON = "application/json"


@pytest.fixture(scope="module")
def web(postgres_server: Server) -> Iterator[LiveSite]:
    """Web alone, in which 16 KiB have two seconds."""
    with sites.live_site(postgres_server, roles=("web",), body_piece_seconds=str(SECONDS)) as site:
        yield site


def begun(
    site: LiveSite, *, path: str = "/npm/-/v1/login", kind: str = JSON, body: bytes = b'{"name"'
) -> socket.socket:
    """An upload whose body has begun and does not go on."""
    held = socket.create_connection(("127.0.0.1", site.port), timeout=60)
    head = f"POST {path} HTTP/1.1\r\nHost: localhost:{site.port}\r\nConnection: close\r\nContent-Type: {kind}"
    held.sendall(f"{head}\r\nContent-Length: 1000000".encode() + b"\r\n\r\n" + body)
    return held


def answer_of(held: socket.socket) -> str:
    """All that comes until the server closes."""
    with held:
        pieces = []
        while piece := held.recv(65536):
            pieces.append(piece)
        return b"".join(pieces).decode()


def files_open(site: LiveSite) -> list[str]:
    """Files of the folder for uploads that any process of web has open."""
    found = []
    for process in _processes(site.pid("web")):
        for number in os.listdir(f"/proc/{process}/fd"):  # noqa: PTH208  (names, which may be gone)
            try:
                found.append(os.readlink(f"/proc/{process}/fd/{number}"))  # noqa: PTH115  (likewise)
            except FileNotFoundError:
                continue
    return [path for path in found if path.startswith(str(site.data_dir / "tmp"))]


def _processes(leader: int) -> list[int]:
    group = os.getpgid(leader)
    numbers = [int(name) for name in os.listdir("/proc") if name.isdigit()]  # noqa: PTH208  (as above)
    return [number for number in numbers if _group(number) == group]


def _group(number: int) -> int:
    try:
        return os.getpgid(number)
    except ProcessLookupError:
        return 0


def test_uploads_that_stall_or_drip_are_cut_off_while_readers_are_served(web: LiveSite) -> None:
    held = [begun(web) for _ in range(3 * THREADS)]
    files = [begun(web, path="/accounts/login/", kind="multipart/form-data; boundary=x", body=BEGUN) for _ in range(2)]
    until = time.monotonic() + 2 * SECONDS
    while time.monotonic() < until:
        for slow in held[:THREADS]:
            try:
                slow.sendall(b" ")
            except OSError:
                continue
        assert ask(f"{web.url}/readyz").status == 200
        time.sleep(0.1)
    told = [answer_of(one) for one in held]
    for text in told:
        assert ("503" in text.split("\r\n")[0] and "MP9016" in text and "retry-after: 5" in text.lower()) or (
            "408" in text.split("\r\n")[0] and "MP9017" in text
        ), text
    assert any("MP9017" in text for text in told)
    assert any("MP9016" in text for text in told)
    for text in map(answer_of, files):
        assert text.startswith(("HTTP/1.1 408", "HTTP/1.1 503"))
        assert "MP90" in text
    assert not files_open(web)
    small = begun(web, body=b"{" + b" " * 999_998 + b"}")
    assert answer_of(small).startswith("HTTP/1.1 200")


def test_half_closed_uploads_end_at_once(web: LiveSite) -> None:
    held = [begun(web) for _ in range(THREADS)]
    for one in held:
        one.shutdown(socket.SHUT_WR)
    assert {answer_of(one)[:12] for one in held} <= {"HTTP/1.1 400", "HTTP/1.1 503", ""}
    assert ask(f"{web.url}/readyz").status == 200


def test_nothing_is_left_of_an_upload_when_web_is_killed(web: LiveSite, tmp_path: Path) -> None:
    half = BEGUN + b"z" * 200_000
    upload = begun(web, path="/accounts/login/", kind="multipart/form-data; boundary=x", body=half)
    while not files_open(web):
        time.sleep(0.05)
    left = web.data_dir / "tmp" / "artifact-left"
    left.mkdir()
    os.utime(left, (0, 0))
    web.kill("web")
    upload.close()
    assert [path.name for path in (web.data_dir / "tmp").iterdir()] == ["artifact-left"]
    web.start("web", TMPDIR=str(tmp_path))
    web.wait_until_ready()
    assert not list((web.data_dir / "tmp").iterdir())
    assert not list(tmp_path.glob("*.upload*"))


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "[::1", "a b", ""])
def test_hostile_hosts_get_400(web: LiveSite, host: str) -> None:
    with socket.create_connection(("127.0.0.1", web.port), timeout=30) as asked:
        asked.sendall(f"GET /npm/@acme/x HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert asked.recv(100).startswith(b"HTTP/1.1 400")
