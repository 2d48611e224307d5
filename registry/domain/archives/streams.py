"""Streams that are read once, forwards, while every limit holds."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Protocol

from registry.domain.archives.limits import ArchiveRefused, Limits

if TYPE_CHECKING:
    from typing import BinaryIO

CHUNK = 1 << 16
HEADER_MOST = 1 << 16
TAR_BLOCKS = 4096


class Readable(Protocol):
    """Anything that gives its next bytes."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; empty at the end."""


class Gunzip:
    """One gzip stream, unpacked piece by piece; raises ArchiveRefused MP1102, MP1105, MP1107, MP1108 while it reads."""

    def __init__(self, source: BinaryIO, limits: Limits) -> None:
        """Unpack `source`."""
        self._source = source
        self._limits = limits
        self._engine = zlib.decompressobj(wbits=31)
        self._packed = 0
        self._unpacked = 0

    def read(self, size: int, /) -> bytes:
        """The next unpacked bytes, at most `size`; empty at the end."""
        while not self._engine.eof:
            piece = self._engine.unconsumed_tail or self._next()
            if not piece:
                raise ArchiveRefused("MP1107")
            try:
                data = self._engine.decompress(piece, size)
            except zlib.error as error:
                raise ArchiveRefused("MP1107") from error
            if data:
                self._hold(len(data))
                return data
        self._ensure_end()
        return b""

    def _next(self) -> bytes:
        piece = self._source.read(CHUNK)
        self._packed += len(piece)
        return piece

    def _hold(self, size: int) -> None:
        self._unpacked += size
        limits = self._limits
        if self._unpacked > limits.unpacked + limits.files * TAR_BLOCKS:
            raise ArchiveRefused("MP1102", limit=limits.unpacked)
        if self._unpacked > limits.ratio_floor and self._unpacked > self._packed * limits.ratio:
            raise ArchiveRefused("MP1105", path="", limit=limits.ratio)

    def _ensure_end(self) -> None:
        """Behind the stream nothing but zeros may stand."""
        trailing = self._engine.unused_data
        while trailing:
            if trailing.strip(b"\0"):
                raise ArchiveRefused("MP1108")
            trailing = self._source.read(CHUNK)


class Forward:
    """What tarfile needs of a file, over a stream that cannot go back; headers over 64 KiB are refused (MP1121)."""

    def __init__(self, source: Readable) -> None:
        """Read `source` from its beginning."""
        self._source = source
        self._at = 0
        self.last = b""

    def read(self, size: int) -> bytes:
        """Exactly `size` bytes, fewer only at the end."""
        if size > HEADER_MOST:
            raise ArchiveRefused("MP1121", path="")
        parts: list[bytes] = []
        missing = size
        while missing and (piece := self._source.read(missing)):
            parts.append(piece)
            missing -= len(piece)
        self.last = b"".join(parts)
        self._at += len(self.last)
        return self.last

    def tell(self) -> int:
        """How far it was read."""
        return self._at

    def seek(self, position: int) -> int:
        """Skip forwards; raises ArchiveRefused MP1107 for a way back (a size below zero wants one)."""
        if position < self._at:
            raise ArchiveRefused("MP1107")
        while self._at < position and self.read(min(position - self._at, CHUNK)):
            pass
        return self._at

    def ensure_end(self) -> None:
        """Raise ArchiveRefused MP1108 unless what was read last and all that follows are zeros."""
        while True:
            if self.last.strip(b"\0"):
                raise ArchiveRefused("MP1108")
            if not self.read(CHUNK):
                return
