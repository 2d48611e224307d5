from __future__ import annotations

import io
import os
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from marketplace.core import slow_bodies, temporary
from marketplace.core.bodies import Body, Slots
from marketplace.core.connections import connections, plain_address
from marketplace.core.errors import Busy, TooSlow
from marketplace.core.slow_bodies import Incoming, Watchman

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

    from pytest_django.fixtures import Settings

CALM = Watchman(60, 60)


def body(
    stream: BinaryIO, slots: Slots, *, length: int | None = None, watchman: Watchman = CALM, port: int = 0
) -> Body:
    return Body(stream, Incoming("127.0.0.1", port, length, time.monotonic()), slots, watchman)


def test_bodies_are_read_while_there_is_room_and_give_it_back_at_their_end() -> None:
    room = Slots(1, seconds=0.01)
    one, two, three = (body(io.BytesIO(b"a line\nand more"), room, length=15) for _ in range(3))
    assert one.readline() == b"a line\n"
    with pytest.raises(Busy) as refused:
        two.read()
    assert (refused.value.code, refused.value.status, refused.value.headers) == ("MP9016", 503, {"Retry-After": "5"})
    assert one.read() == b"and more"
    assert two.read(6) == b"a line"
    two.release()
    two.release()
    assert three.read() == b"a line\nand more"


def test_what_is_read_after_the_release_takes_no_room() -> None:
    room = Slots(1, seconds=0.01)
    late = body(io.BytesIO(b"beside the answer"), room)
    late.release()
    assert late.read(6) == b"beside"
    assert body(io.BytesIO(b"all"), room).read() == b"all"


def test_only_some_wait_for_their_turn() -> None:
    room = Slots(2, seconds=30)
    held = [body(io.BytesIO(b"xx"), room) for _ in range(2)]
    for one in held:
        one.read(1)
    waiting = threading.Thread(target=room.take, daemon=True)
    waiting.start()
    while room._waiting._value:
        time.sleep(0.01)
    with pytest.raises(Busy):
        room.take()
    held[0].release()
    waiting.join(10)
    assert not waiting.is_alive()


def test_addresses_are_compared_in_one_form() -> None:
    assert plain_address("::ffff:127.0.0.1") == plain_address("127.0.0.1") == "127.0.0.1"
    assert (plain_address("2001:DB8::1"), plain_address("unix")) == ("2001:db8::1", "unix")


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname())
        served, _ = listening.accept()
        with client, served:
            yield client, served


@pytest.mark.parametrize("drip", [b"", b"x"])
def test_body_that_stalls_or_drips_is_cut_and_can_be_answered(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch, drip: bytes
) -> None:
    monkeypatch.setattr(slow_bodies, "TICK", 0.05)
    client, served = pair
    client.sendall(b'{"name"')
    over = threading.Event()

    def dripping() -> None:
        while not over.wait(0.1):
            client.sendall(drip)

    threading.Thread(target=dripping, daemon=True).start()
    port = served.getsockname()[1]
    with served.makefile("rb") as stream, pytest.raises(TooSlow) as refused:
        body(stream, Slots(1), length=100_000, watchman=Watchman(0.5, 60), port=port).read()
    over.set()
    assert (refused.value.code, refused.value.status) == ("MP9017", 408)
    served.sendall(b"too slow")
    assert client.recv(100) == b"too slow"


def test_connections_of_others_are_not_seen(pair: tuple[socket.socket, socket.socket]) -> None:
    client, served = pair
    client.sendall(b"12345")
    port = served.getsockname()[1]
    (found,) = connections(port, {"127.0.0.1"})
    assert (found.address, found.received) == ("127.0.0.1", 5)
    assert not list(connections(port, {"127.0.0.2"}))
    assert not list(connections(1, {"127.0.0.1"}))


def test_leftovers_go_and_what_is_held_stays(settings: Settings, tmp_path: Path) -> None:
    settings.TEMP_DIR = tmp_path / "house"
    left = tmp_path / "house" / "artifact-left"
    left.mkdir(parents=True)
    (left / "bytes").write_bytes(b"half")
    file = tmp_path / "house" / "half.upload"
    file.write_bytes(b"half")
    with temporary.temporary_folder("artifact-") as held, temporary.temporary_file() as unnamed:
        unnamed.write(b"x")
        assert temporary.leftovers_sweep() == 0
        for path in (left, file, held):
            os.utime(path, (0, 0))
        assert temporary.leftovers_sweep() == 2
        assert list((tmp_path / "house").iterdir()) == [held]
    assert not list((tmp_path / "house").iterdir())
