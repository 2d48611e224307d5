"""Zip files: what the central directory says must be what the entries say (APPNOTE 6.3.10)."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from typing import TYPE_CHECKING, cast

from registry.domain.archives.collector import Collector
from registry.domain.archives.limits import ArchiveRefused, Limits

if TYPE_CHECKING:
    from typing import BinaryIO

    from registry.domain.content import Content

METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
LOCAL = struct.Struct("<4s5H3I2H")
ENCRYPTED = 0x1
UTF8 = 0x800
END = b"PK\x05\x06"
END_SIZE = 22
UNIX = 3


def read_zip(data: bytes, limits: Limits) -> Content:
    """The files of a zip; raises ArchiveRefused."""
    collector = Collector(limits)
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            if len(infos) > limits.files * 2:
                raise ArchiveRefused("MP1103", limit=limits.files)
            _ensure_whole(data, infos, archive)
            for info in infos:
                _take(archive, info, collector)
    except (
        zipfile.BadZipFile,
        zlib.error,
        UnicodeError,
        EOFError,
        NotImplementedError,
        OSError,
        RuntimeError,
    ) as error:
        raise ArchiveRefused("MP1107") from error
    except (ValueError, struct.error, OverflowError, IndexError) as error:
        if isinstance(error, ArchiveRefused):
            raise
        raise ArchiveRefused("MP1107") from error
    return collector.content()


def _ensure_whole(data: bytes, infos: list[zipfile.ZipInfo], archive: zipfile.ZipFile) -> None:
    """The archive begins at the first byte, ends at the last, has one directory, and its entries do not overlap."""
    if len(data) - data.rfind(END) != END_SIZE + len(archive.comment):
        raise ArchiveRefused("MP1108")
    spans = sorted((info.header_offset, info) for info in infos)
    if spans and spans[0][0] != 0:
        raise ArchiveRefused("MP1108")
    end = 0
    for offset, info in sorted(spans, key=lambda span: span[0]):
        if offset < end:
            raise ArchiveRefused("MP1122", path=info.filename[:200])
        end = offset + _ensure_local(data, offset, info) + info.compress_size
    if end > archive.start_dir:
        raise ArchiveRefused("MP1122", path="")


def _ensure_local(data: bytes, offset: int, info: zipfile.ZipInfo) -> int:
    """The length of the local header, which must name the same file in the same way as the directory."""
    header = LOCAL.unpack_from(data, offset)
    signature, flags, method = header[0], header[2], header[3]
    name_size, extra_size = int(header[9]), int(header[10])
    name = data[offset + LOCAL.size : offset + LOCAL.size + name_size]
    encoding = "utf-8" if flags & UTF8 else "cp437"
    if signature != b"PK\x03\x04" or name.decode(encoding) != info.orig_filename or method != info.compress_type:
        raise ArchiveRefused("MP1123", path=info.filename[:200])
    return LOCAL.size + name_size + extra_size


def _take(archive: zipfile.ZipFile, info: zipfile.ZipInfo, collector: Collector) -> None:
    mode = info.external_attr >> 16
    name = info.orig_filename
    if info.flag_bits & ENCRYPTED:
        raise ArchiveRefused("MP1124", path=name[:200])
    if mode and stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        raise ArchiveRefused("MP1120", path=name[:200])
    if name.endswith("/"):
        if name.strip("/"):
            collector.folder(name)
        return
    if info.compress_type not in METHODS:
        raise ArchiveRefused("MP1125", path=name[:200])
    path = collector.path(name)
    if path is None:
        return
    executable = info.create_system == UNIX and bool(mode & 0o100)
    with archive.open(info) as stream:
        collector.read(path, cast("BinaryIO", stream), packed=info.compress_size, executable=executable)
