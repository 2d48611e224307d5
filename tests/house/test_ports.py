"""Which port the site gets."""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING

import pytest

from house import ports, processes
from house.console import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def taken() -> Iterator[int]:
    """A loopback port on which this very process listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_wanted_port_in_use_is_refused_with_the_process(taken: int) -> None:
    with pytest.raises(Refused, match=rf"Port {taken} is in use by process {os.getpid()} \(.+\)"):
        ports.choose(taken, 8000)


def test_last_port_in_use_gives_way_to_a_free_one(taken: int, capsys: pytest.CaptureFixture[str]) -> None:
    port = ports.choose(None, taken)
    assert port != taken
    assert processes.is_free(port)
    assert f"Port {taken} is in use by process {os.getpid()}" in capsys.readouterr().out


def test_last_port_is_taken_again_when_it_is_free() -> None:
    port = processes.free_port()
    assert ports.choose(None, port) == port
