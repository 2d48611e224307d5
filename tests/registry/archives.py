"""Archives made by hand, honest and hostile."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from registry.domain.archives import ArchiveRefused, Limits, read_archive

if TYPE_CHECKING:
    from collections.abc import Mapping

    from registry.domain.content import Content

FILES = {"SKILL.md": b"---\nname: a\ndescription: b\n---\n", "scripts/run.sh": b"echo hello\n"}
SMALL = Limits(packed=100_000, unpacked=40_000, files=10, file=20_000, ratio=20, ratio_floor=11_000, path=60, depth=4)


def zipped(files: Mapping[str, bytes] = FILES, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip as every program makes it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as archive:
        for path, data in files.items():
            archive.writestr(zipfile.ZipInfo(path), data, method)
    return packed.getvalue()


def zip_of(*members: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    """A zip of members with headers of one's own."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for info, data in members:
            archive.writestr(info, data)
    return packed.getvalue()


def tarred(files: Mapping[str, bytes] = FILES, *, packed: bool = True) -> bytes:
    """A tar as every program makes it, through gzip unless told otherwise."""
    return tar_of(*((member(path, len(data)), data) for path, data in files.items()), packed=packed)


def tar_of(*members: tuple[tarfile.TarInfo, bytes], packed: bool = True, form: int = tarfile.PAX_FORMAT) -> bytes:
    """A tar of members with headers of one's own."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=form, encoding="utf-8", errors="surrogateescape") as archive:
        for info, data in members:
            archive.addfile(info, io.BytesIO(data))
    return gzip.compress(plain.getvalue(), mtime=0) if packed else plain.getvalue()


def member(path: str, size: int = 0, *, kind: bytes = tarfile.REGTYPE, to: str = "") -> tarfile.TarInfo:
    """One header of a tar."""
    info = tarfile.TarInfo(path)
    info.size, info.type, info.linkname = size, kind, to
    return info


def patched(data: bytes, at: int, form: str, *values: int) -> bytes:
    """`data` with numbers written over it."""
    return data[:at] + struct.pack(form, *values) + data[at + struct.calcsize(form) :]


def read(data: bytes, limits: Limits = SMALL) -> Content:
    """What the reader makes of it."""
    return read_archive(io.BytesIO(data), limits=limits)


def refusal(data: bytes, limits: Limits = SMALL) -> str:
    """The code with which the reader refuses it."""
    with pytest.raises(ArchiveRefused) as refused:
        read(data, limits)
    return refused.value.code
