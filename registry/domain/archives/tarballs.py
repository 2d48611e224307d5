"""Tar files: regular files and folders only."""

from __future__ import annotations

import tarfile
from typing import TYPE_CHECKING, cast

from registry.domain.archives.collector import Collector
from registry.domain.archives.limits import ArchiveRefused, Limits
from registry.domain.archives.streams import Forward

if TYPE_CHECKING:
    from typing import BinaryIO

    from registry.domain.archives.streams import Readable
    from registry.domain.content import Content

ODD_HEADERS = {"GNU.sparse.major", "GNU.sparse.map", "GNU.sparse.size", "hdrcharset", "size"}
ROOT = {"", ".", "./"}


def read_tar(source: Readable, limits: Limits) -> Content:
    """The files of a plain tar, read once from its beginning; raises ArchiveRefused."""
    collector = Collector(limits)
    stream = Forward(source)
    try:
        _read(stream, collector, limits)
    except (tarfile.TarError, UnicodeError, EOFError, ValueError, OverflowError, OSError) as error:
        if isinstance(error, ArchiveRefused):
            raise
        raise ArchiveRefused("MP1107") from error
    return collector.content()


def _read(stream: Forward, collector: Collector, limits: Limits) -> None:
    """Names that are not UTF-8 keep their bytes as surrogates, which no safe path may have."""
    opened = cast("BinaryIO", stream)
    with tarfile.open(fileobj=opened, mode="r:", errors="surrogateescape", encoding="utf-8") as archive:
        for seen, member in enumerate(archive, start=1):
            if seen > limits.files * 2:
                raise ArchiveRefused("MP1103", limit=limits.files)
            _take(archive, member, collector)
        stream.ensure_end()


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, collector: Collector) -> None:
    shown = member.name.encode("unicode_escape").decode()[:200]
    if ODD_HEADERS & set(member.pax_headers) or member.issparse():
        raise ArchiveRefused("MP1121", path=shown)
    if member.isdir():
        if member.name not in ROOT:
            collector.folder(member.name)
        return
    if not member.isreg():
        raise ArchiveRefused("MP1120", path=shown)
    path = collector.path(member.name.removeprefix("./"))
    stream = archive.extractfile(member)
    if path is None or stream is None:
        return
    if collector.read(path, cast("BinaryIO", stream), executable=bool(member.mode & 0o100)) != member.size:
        raise ArchiveRefused("MP1107")
