"""What a zip's directory says must be what its entries say, and no byte may lie anywhere else (APPNOTE 6.3.10)."""

from __future__ import annotations

import os
import struct
from typing import TYPE_CHECKING

from registry.domain.archives.limits import ArchiveRefused

if TYPE_CHECKING:
    import zipfile
    from collections.abc import Iterator
    from typing import BinaryIO

LOCAL = struct.Struct("<4s5H3I2H")
DIRECTORY_ENTRY = 46
END = struct.Struct("<4s4H2IH")
END_64 = 56 + 20
LOCATOR_64 = b"PK\x06\x07"
DESCRIPTORS = {12, 16, 20, 24}
HAS_DESCRIPTOR = 0x8
UTF8 = 0x800
IN_EXTRA = 0xFFFFFFFF
UNICODE_PATH = 0x7075


def ensure_layout(stream: BinaryIO, archive: zipfile.ZipFile) -> None:
    """Raise ArchiveRefused MP1108 (foreign bytes), MP1122 (overlap) or MP1123 (contradiction)."""
    end = 0
    infos = sorted(archive.infolist(), key=lambda info: info.header_offset)
    may_follow = {0}
    for info in infos:
        _ensure_follows(info.header_offset - end, may_follow, info.filename)
        end = info.header_offset + _ensure_local(stream, info) + info.compress_size
        may_follow = DESCRIPTORS if info.flag_bits & HAS_DESCRIPTOR else {0}
    _ensure_follows(archive.start_dir - end, may_follow, "")
    _ensure_end(stream, archive)


def _ensure_follows(gap: int, allowed: set[int], name: str) -> None:
    if gap < 0:
        raise ArchiveRefused("MP1122", path=name[:200])
    if gap not in allowed:
        raise ArchiveRefused("MP1108")


def _ensure_local(stream: BinaryIO, info: zipfile.ZipInfo) -> int:
    """The length of the local header, which must name the same file in the same way as the directory."""
    stream.seek(info.header_offset)
    signature, _, flags, method, _, _, crc, packed, size, name_size, extra_size = LOCAL.unpack(stream.read(LOCAL.size))
    name, extra = stream.read(name_size), stream.read(extra_size)
    same = (
        signature == b"PK\x03\x04"
        and name == _raw_name(info)
        and (flags ^ info.flag_bits) & ~HAS_DESCRIPTOR == 0
        and method == info.compress_type
        and (bool(flags & HAS_DESCRIPTOR) or (crc, packed, size) in _sizes(info) or IN_EXTRA in {packed, size})
        and all(text == _raw_name(info) for text in (*_other_names(extra), *_other_names(info.extra)))
    )
    if not same:
        raise ArchiveRefused("MP1123", path=info.filename[:200])
    return LOCAL.size + int(name_size) + int(extra_size)


def _sizes(info: zipfile.ZipInfo) -> set[tuple[int, int, int]]:
    return {(info.CRC, info.compress_size, info.file_size)}


def _raw_name(info: zipfile.ZipInfo) -> bytes:
    return info.orig_filename.encode("utf-8" if info.flag_bits & UTF8 else "cp437")


def _other_names(extra: bytes) -> Iterator[bytes]:
    """The names in Info-ZIP's Unicode path fields, which some programs prefer to the name itself."""
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<HH", extra, at)
        if kind == UNICODE_PATH:
            yield extra[at + 9 : at + 4 + size]
        at += 4 + size


def _ensure_end(stream: BinaryIO, archive: zipfile.ZipFile) -> None:
    """Behind the directory stands its end record, alone, and it counts what is there."""
    whole = stream.seek(0, os.SEEK_END)
    at = whole - END.size - len(archive.comment)
    stream.seek(max(at - END_64, 0))
    behind = stream.read(min(at, END_64) + END.size)
    signature, disk, first, here, count, _, _, comment = END.unpack(behind[-END.size :])
    is_64 = behind[: -END.size][-20:-16] == LOCATOR_64
    directory = sum(
        DIRECTORY_ENTRY + len(_raw_name(info)) + len(info.extra) + len(info.comment) for info in archive.infolist()
    )
    if signature != b"PK\x05\x06" or archive.start_dir + directory + (END_64 if is_64 else 0) != at:
        raise ArchiveRefused("MP1108")
    said = (disk, first, here, count, comment)
    if not is_64 and said != (0, 0, len(archive.infolist()), len(archive.infolist()), len(archive.comment)):
        raise ArchiveRefused("MP1123", path="")
