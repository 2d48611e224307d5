"""Zip files: their entries, one after the other, safely."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, cast

from registry.domain.archives.collector import Collector
from registry.domain.archives.limits import ArchiveRefused, Limits
from registry.domain.archives.zip_layout import UTF8, ensure_layout

if TYPE_CHECKING:
    from typing import BinaryIO

    from registry.domain.content import Content

METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
ENCRYPTED = 0x1
UNIX = 3
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    OverflowError,
    IndexError,
)


def read_zip(stream: BinaryIO, limits: Limits) -> Content:
    """The files of a zip; raises ArchiveRefused."""
    collector = Collector(limits)
    try:
        with zipfile.ZipFile(stream) as archive:
            infos = archive.infolist()
            if len(infos) > limits.files * 2:
                raise ArchiveRefused("MP1103", limit=limits.files)
            ensure_layout(stream, archive)
            for info in infos:
                _take(archive, info, collector)
    except DAMAGE as error:
        if isinstance(error, ArchiveRefused):
            raise
        raise ArchiveRefused("MP1107") from error
    return collector.content()


def _name(info: zipfile.ZipInfo) -> str:
    """The name; one that is UTF-8 without saying so (as some systems write it) is read as UTF-8."""
    if info.flag_bits & UTF8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def _take(archive: zipfile.ZipFile, info: zipfile.ZipInfo, collector: Collector) -> None:
    mode = info.external_attr >> 16
    name = _name(info)
    shown = name.encode("unicode_escape").decode()[:200]
    if info.flag_bits & ENCRYPTED:
        raise ArchiveRefused("MP1124", path=shown)
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ArchiveRefused("MP1120", path=shown)
    if name.endswith("/"):
        if info.file_size or info.compress_size > 2:  # noqa: PLR2004  (nothing, deflated, is two bytes)
            raise ArchiveRefused("MP1121", path=shown)
        collector.folder(name)
        return
    if info.compress_type not in METHODS:
        raise ArchiveRefused("MP1125", path=shown)
    path = collector.path(name)
    if path is None:
        return
    executable = info.create_system == UNIX and bool(mode & 0o100)
    with archive.open(info) as stream:
        collector.read(path, cast("BinaryIO", stream), packed=info.compress_size, executable=executable)
