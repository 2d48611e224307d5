"""Gathers files from any reader and holds every limit while they arrive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.archives.limits import ArchiveRefused, Limits
from registry.domain.archives.paths import Places, is_junk, safe_path
from registry.domain.content import Content, File

if TYPE_CHECKING:
    from typing import BinaryIO

CHUNK = 1 << 16


class Collector:
    """Takes one file after the other; raises ArchiveRefused MP1102 to MP1105 beyond the limits."""

    def __init__(self, limits: Limits) -> None:
        """Begin empty."""
        self.limits = limits
        self._files: dict[str, File] = {}
        self._places = Places()
        self._size = 0

    def path(self, raw: str) -> str | None:
        """The safe path, taken; None for junk."""
        path = safe_path(raw, self.limits)
        if is_junk(path):
            return None
        self._places.add(path)
        if len(self._files) >= self.limits.files:
            raise ArchiveRefused("MP1103", limit=self.limits.files)
        return path

    def folder(self, raw: str) -> None:
        """Check the path of a folder; folders themselves are not kept."""
        safe_path(raw.removeprefix("./").removesuffix("/"), self.limits)

    def read(self, path: str, stream: BinaryIO, *, packed: int | None = None, executable: bool = False) -> int:
        """Read `stream` to its end as the file at `path`; returns its size. `packed` is its size in the archive."""
        parts: list[bytes] = []
        size = 0
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            self._size += len(chunk)
            self._hold(path, size, packed)
            parts.append(chunk)
        self._files[path] = File(b"".join(parts), executable)
        return size

    def _hold(self, path: str, size: int, packed: int | None) -> None:
        if size > self.limits.file:
            raise ArchiveRefused("MP1104", path=path, limit=self.limits.file)
        if self._size > self.limits.unpacked:
            raise ArchiveRefused("MP1102", limit=self.limits.unpacked)
        if packed is not None and size > self.limits.ratio_floor and size > max(packed, 1) * self.limits.ratio:
            raise ArchiveRefused("MP1105", path=path, limit=self.limits.ratio)

    def content(self) -> Content:
        """All files; raises ArchiveRefused MP1106 when there are none."""
        if not self._files:
            raise ArchiveRefused("MP1106")
        return Content(self._files)
