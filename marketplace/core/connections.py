"""What the kernel knows of this process's connections: the server tells a request's address, and nothing else of it."""

from __future__ import annotations

import os
import socket
import stat
import struct
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

DESCRIPTORS = Path("/proc/self/fd")
TCP_INFO_BYTES = 136
SENT_AT, RECEIVED_AT = 44, 128
"""Where `struct tcp_info` (linux/tcp.h) holds tcpi_last_data_sent, in ms, and tcpi_bytes_received."""


@dataclass(frozen=True, slots=True)
class Connection:
    """One TCP connection: `received` bytes so far, and for how many seconds nothing was sent on it."""

    number: int
    address: str
    received: int
    silent: float
    socket: socket.socket

    def end_input(self) -> None:
        """Let the server see the end of what comes in; it can still answer."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_RD)


def connections(port: int, addresses: Container[str]) -> Iterator[Connection]:
    """Connections of this process to its `port` from these addresses, each open while it is looked at.

    None where the kernel tells nothing of them (Linux does).
    """
    with suppress(OSError):
        for place in DESCRIPTORS.iterdir():
            opened = _opened(int(place.name))
            if opened is None:
                continue
            with opened:
                found = _connection(opened, port)
                if found is not None and found.address in addresses:
                    yield found


def plain_address(text: str) -> str:
    """An address in the one form that is compared here: IPv4 within IPv6 is IPv4."""
    try:
        address = ip_address(text)
    except ValueError:
        return text
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)


def _opened(number: int) -> socket.socket | None:
    """A copy of the descriptor, when it is a socket."""
    try:
        descriptor = os.dup(number)
    except OSError:
        return None
    try:
        if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
            return socket.socket(fileno=descriptor)
    except OSError:
        pass
    os.close(descriptor)
    return None


def _connection(opened: socket.socket, port: int) -> Connection | None:
    try:
        if opened.family not in {socket.AF_INET, socket.AF_INET6} or opened.getsockname()[1] != port:
            return None
        address = plain_address(opened.getpeername()[0])
        told = opened.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, TCP_INFO_BYTES)
        (silent,) = struct.unpack_from("=I", told, SENT_AT)
        (received,) = struct.unpack_from("=Q", told, RECEIVED_AT)
        return Connection(os.fstat(opened.fileno()).st_ino, address, received, silent / 1000, opened)
    except (OSError, struct.error):
        return None
