"""Tar files: regular files and folders only."""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING, cast

from registry.domain.archives.collector import Collector
from registry.domain.archives.limits import ArchiveRefused, Limits

if TYPE_CHECKING:
    from typing import BinaryIO

    from registry.domain.content import Content

ODD_HEADERS = {"GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.size", "hdrcharset", "size"}
PAX_MOST = 64 * 1024


def read_tar(data: bytes, limits: Limits) -> Content:
    """The files of a plain tar; raises ArchiveRefused."""
    collector = Collector(limits)
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", errors="strict", encoding="utf-8") as archive:
            for seen, member in enumerate(archive, start=1):
                if seen > limits.files * 2:
                    raise ArchiveRefused("MP1103", limit=limits.files)
                _take(archive, member, collector)
            _ensure_end(data, archive)
    except (tarfile.TarError, UnicodeError, EOFError, ValueError, OverflowError, OSError) as error:
        if isinstance(error, ArchiveRefused):
            raise
        raise ArchiveRefused("MP1107") from error
    return collector.content()


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, collector: Collector) -> None:
    if ODD_HEADERS & set(member.pax_headers) or member.issparse():
        raise ArchiveRefused("MP1121", path=member.name[:200])
    if member.isdir():
        collector.folder(member.name)
        return
    if not member.isreg():
        raise ArchiveRefused("MP1120", path=member.name[:200])
    path = collector.path(member.name.removeprefix("./"))
    stream = archive.extractfile(member)
    if path is None or stream is None:
        return
    before = stream.tell()
    collector.read(path, cast("BinaryIO", stream), executable=bool(member.mode & 0o100))
    if stream.tell() - before != member.size:
        raise ArchiveRefused("MP1107")


def _ensure_end(data: bytes, archive: tarfile.TarFile) -> None:
    """After the last member nothing but zeros may stand: another archive could hide there."""
    if data[archive.offset :].strip(b"\0"):
        raise ArchiveRefused("MP1108")
