"""The one interface to stored bytes, and which of the two stores this instance uses."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, BinaryIO, Protocol

from django.conf import settings

if TYPE_CHECKING:
    from pathlib import Path


def key_of(sha256: str) -> str:
    """The store's key of content: `sha256/ab/cd/abcd…`."""
    return f"sha256/{sha256[:2]}/{sha256[2:4]}/{sha256}"


class ArtifactStore(Protocol):
    """Content-addressed bytes: writing the same content twice is one object; nothing is ever overwritten."""

    def put(self, sha256: str, source: Path, media_type: str) -> None:
        """Store the file's bytes under their digest; returns only when they are durable."""

    def open(self, sha256: str) -> BinaryIO:
        """The stored bytes as a stream; raises FileNotFoundError when there are none."""

    def exists(self, sha256: str) -> bool:
        """Whether the bytes are there."""

    def delete(self, sha256: str) -> None:
        """Forget the bytes; no error when there are none."""

    def address(self, sha256: str, *, file_name: str, media_type: str, seconds: int) -> str | None:
        """A signed address from which a client may read the bytes for `seconds`; None: serve them yourself."""

    def check(self) -> None:
        """Prove that the store can be written; raises OSError when it cannot."""


@cache
def artifact_store() -> ArtifactStore:
    """The store that the settings name: GCS when GS_BUCKET is set, else a folder."""
    if settings.GS_BUCKET:
        from registry.clients.artifacts.gcs import GcsStore  # noqa: PLC0415  (the import takes 0.3 s)

        return GcsStore(settings.GS_BUCKET, settings.GS_SIGNING_KEY_FILE)
    from registry.clients.artifacts.local import LocalStore  # noqa: PLC0415  (only one store is loaded)

    return LocalStore(settings.ARTIFACT_DIR)
