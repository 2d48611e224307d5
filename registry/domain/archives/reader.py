"""Tells what an archive is by its first bytes and reads it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from registry.domain.archives.folders import unwrap
from registry.domain.archives.limits import STORED, ArchiveRefused, Limits
from registry.domain.archives.streams import Gunzip
from registry.domain.archives.tarballs import read_tar
from registry.domain.archives.zips import read_zip

if TYPE_CHECKING:
    from typing import BinaryIO

    from registry.domain.content import Content

GZIP = b"\x1f\x8b"
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
TAR_MAGIC = 257
DEFAULT = Limits()


def read_archive(stream: BinaryIO, *, limits: Limits = DEFAULT) -> Content:
    """The files of a zip, tar or tar.gz; raises ArchiveRefused with an MP11xx code, nothing else, for bad bytes.

    `stream` can be sought; its packed bytes are never held in memory as a whole.
    """
    if stream.seek(0, os.SEEK_END) > limits.packed:
        raise ArchiveRefused("MP1101", limit=limits.packed)
    stream.seek(0)
    head = stream.read(TAR_MAGIC + 5)
    stream.seek(0)
    if head.startswith(ZIP):
        return read_zip(stream, limits)
    if head.startswith(GZIP):
        return read_tar(Gunzip(stream, limits), limits)
    if head[TAR_MAGIC:] == b"ustar":
        return read_tar(stream, limits)
    raise ArchiveRefused("MP1100")


def read_stored(stream: BinaryIO) -> Content:
    """The files of an archive that was taken in before, without the folder that wraps them; raises ArchiveRefused."""
    return unwrap(read_archive(stream, limits=STORED))
