"""Tells what an archive is by its first bytes and reads it."""

from __future__ import annotations

import gzip
import io
import zlib
from typing import TYPE_CHECKING

from registry.domain.archives.limits import ArchiveRefused, Limits
from registry.domain.archives.tarballs import read_tar
from registry.domain.archives.zips import read_zip

if TYPE_CHECKING:
    from typing import BinaryIO

    from registry.domain.content import Content

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
TAR_MAGIC = 257
CHUNK = 1 << 20
DEFAULT = Limits()


def read_archive(stream: BinaryIO, *, limits: Limits = DEFAULT) -> Content:
    """The files of a zip, tar or tar.gz; raises ArchiveRefused with an MP11xx code, nothing else, for bad bytes."""
    data = stream.read(limits.packed + 1)
    if len(data) > limits.packed:
        raise ArchiveRefused("MP1101", limit=limits.packed)
    if data.startswith(ZIP):
        return read_zip(data, limits)
    if data.startswith(GZIP):
        return read_tar(_gunzip(data, limits), limits)
    if data[TAR_MAGIC : TAR_MAGIC + 5] == b"ustar":
        return read_tar(data, limits)
    raise ArchiveRefused("MP1100")


def _gunzip(data: bytes, limits: Limits) -> bytes:
    """One gzip stream, unpacked while the limits hold."""
    most = limits.unpacked + limits.files * 4096
    unpacked = io.BytesIO()
    engine = zlib.decompressobj(wbits=31)
    try:
        for at in range(0, len(data), CHUNK):
            piece = data[at : at + CHUNK]
            while piece:
                unpacked.write(engine.decompress(piece, CHUNK))
                piece = engine.unconsumed_tail
                if unpacked.tell() > most:
                    raise ArchiveRefused("MP1102", limit=limits.unpacked)
            if engine.eof:
                trailing = engine.unused_data + data[at + CHUNK :]
                _ensure_padding(trailing)
                break
        else:
            raise ArchiveRefused("MP1107")
    except (zlib.error, gzip.BadGzipFile) as error:
        raise ArchiveRefused("MP1107") from error
    size = unpacked.tell()
    if size > limits.ratio_floor and size > len(data) * limits.ratio:
        raise ArchiveRefused("MP1105", path="", limit=limits.ratio)
    return unpacked.getvalue()


def _ensure_padding(trailing: bytes) -> None:
    if trailing.strip(b"\0"):
        raise ArchiveRefused("MP1108")
