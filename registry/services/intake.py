"""What a browser or an API client sends becomes content: one archive, or several files."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO, Protocol

from django.conf import settings

from marketplace.core.errors import Invalid, TooLarge
from registry.domain.archives import ArchiveRefused, Limits, read_archive, read_folder, unwrap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from registry.domain.content import Content

ARCHIVES = (".zip", ".tgz", ".tar.gz", ".tar", ".mcpb", ".skill", ".plugin", ".dxt")


class Upload(Protocol):
    """A file of a form: a name (with folders, when a folder was chosen), a size and its bytes."""

    @property
    def name(self) -> str | None:
        """The name that the browser gave."""

    @property
    def size(self) -> int | None:
        """Bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """At most `size` bytes."""


def content_of_stream(stream: BinaryIO) -> Content:
    """The content of one archive; raises Invalid MP11xx, TooLarge MP9005."""
    try:
        return unwrap(read_archive(stream, limits=Limits(packed=settings.UPLOAD_MAX_BYTES)))
    except ArchiveRefused as refused:
        raise _error(refused) from refused


def content_of_uploads(uploads: Sequence[Upload], paths: Sequence[str]) -> Content:
    """One archive, or the files of a folder with their `paths`; raises Invalid MP11xx, TooLarge MP9005."""
    if sum(upload.size or 0 for upload in uploads) > settings.UPLOAD_MAX_BYTES:
        raise TooLarge("MP9005", {"limit": settings.UPLOAD_MAX_BYTES})
    if len(uploads) == 1 and (uploads[0].name or "").lower().endswith(ARCHIVES):
        return content_of_stream(uploads[0])  # type: ignore[arg-type]  # it reads; nothing else is asked of it
    named = [
        (path or upload.name or "", upload)
        for upload, path in zip(uploads, [*paths, *[""] * len(uploads)], strict=False)
    ]
    try:
        return unwrap(read_folder((path, upload.read(), False) for path, upload in named))
    except ArchiveRefused as refused:
        raise _error(refused) from refused


def _error(refused: ArchiveRefused) -> Invalid | TooLarge:
    if refused.code == "MP1101":
        return TooLarge("MP9005", {"limit": settings.UPLOAD_MAX_BYTES})
    return Invalid(refused.code, dict(refused.params))
