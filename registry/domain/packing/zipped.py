"""Zip files: sorted, of one date, UTF-8 names, no extra fields."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

    from registry.domain.content import Content

EPOCH = (1980, 1, 1, 0, 0, 0)
LEVEL = 6
UNIX = 3


def pack_zip(content: Content) -> bytes:
    """`content` as a zip file with modes 644 and 755."""
    packed = io.BytesIO()
    write_zip(content, packed)
    return packed.getvalue()


def write_zip(content: Content, packed: BinaryIO) -> None:
    """Pack into a stream, so that only one file of it at a time is in memory twice."""
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for path, file in content.items():
            info = zipfile.ZipInfo(path, EPOCH)
            info.create_system = UNIX
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (0o100755 if file.executable else 0o100644) << 16
            archive.writestr(info, file.data)
