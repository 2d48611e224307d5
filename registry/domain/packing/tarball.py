"""npm tarballs: everything below `package/`, gzip without a date."""

from __future__ import annotations

import gzip
import io
import tarfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import BinaryIO

    from registry.domain.content import Content

MOMENT = 499_162_500
"""1985-10-26T08:15:00Z, the date that npm gives to every file."""
LEVEL = 6


def pack_npm(content: Content) -> bytes:
    """`content` as a .tgz with modes 644 and 755, owned by nobody in particular."""
    packed = io.BytesIO()
    write_npm(content, packed)
    return packed.getvalue()


def write_npm(content: Content, packed: BinaryIO) -> None:
    """Pack into a stream, so that only one file of it at a time is in memory twice."""
    with (
        gzip.GzipFile(filename="", mode="wb", fileobj=packed, compresslevel=LEVEL, mtime=0) as plain,
        tarfile.open(fileobj=plain, mode="w", format=tarfile.PAX_FORMAT) as archive,
    ):
        for path, file in content.items():
            info = tarfile.TarInfo(f"package/{path}")
            info.size, info.mtime = len(file.data), MOMENT
            info.mode = 0o755 if file.executable else 0o644
            archive.addfile(info, io.BytesIO(file.data))
