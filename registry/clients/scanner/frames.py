"""Messages between processes: a length of four bytes, then as many bytes."""

from __future__ import annotations

import struct
from typing import IO

HEAD = struct.Struct(">I")


def write_frame(stream: IO[bytes], data: bytes) -> None:
    """Send one message."""
    stream.write(HEAD.pack(len(data)) + data)
    stream.flush()


def read_frame(stream: IO[bytes]) -> bytes | None:
    """The next message; None when the other side is gone."""
    head = _exactly(stream, HEAD.size)
    return None if head is None else _exactly(stream, HEAD.unpack(head)[0])


def _exactly(stream: IO[bytes], size: int) -> bytes | None:
    parts: list[bytes] = []
    while size:
        part = stream.read(size)
        if not part:
            return None
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
