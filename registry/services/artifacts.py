"""Bytes come in, are hashed on the way, and become one artifact however often they are sent."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from django.db import transaction

from marketplace.core.errors import TooLarge
from marketplace.core.temporary import temporary_file, temporary_folder
from registry.clients.artifacts import artifact_store
from registry.domain.archives.limits import STORED
from registry.domain.packing import write_zip
from registry.models import Artifact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from registry.domain.content import Content

CHUNK = 1 << 18
ADDRESS_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Digests:
    """Hex digests and size of one file."""

    sha256: str
    sha512: str
    sha1: str
    size: int


def artifact_store_stream(stream: BinaryIO, *, media_type: str, limit: int) -> Artifact:
    """Store everything that `stream` gives; raises TooLarge MP9005 beyond `limit` bytes and keeps nothing then.

    The row stands before the bytes do (`uploading`) and is `ready` after them, so a crash leaves a row that the sweep
    takes away, never bytes that nobody knows of.
    """
    with temporary_folder("artifact-") as folder:
        path = folder / "bytes"
        with path.open("wb") as writer:
            digests = _copy(stream, writer, limit)
        return _keep(path, digests, media_type)


def artifact_store_bytes(data: bytes, *, media_type: str) -> Artifact:
    """Store `data`."""
    return artifact_store_stream(io.BytesIO(data), media_type=media_type, limit=len(data))


def artifact_store_packed(
    content: Content, *, pack: Callable[[Content, BinaryIO], None] = write_zip, media_type: str = "application/zip"
) -> Artifact:
    """Pack `content` into a file beside and store that; the same content is the same artifact."""
    with temporary_file() as packed:
        pack(content, packed)
        packed.seek(0)
        return artifact_store_stream(packed, media_type=media_type, limit=STORED.packed)


def artifact_open(artifact: Artifact) -> BinaryIO:
    """The artifact's bytes as a stream."""
    return artifact_store().open(artifact.sha256)


def artifact_chunks(artifact: Artifact, *, first: int = 0) -> Iterator[bytes]:
    """The artifact's bytes from position `first` on, in pieces of 256 KiB."""
    with artifact_open(artifact) as stream:
        if first:
            stream.seek(first)
        while chunk := stream.read(CHUNK):
            yield chunk


def artifact_address(artifact: Artifact, *, file_name: str, media_type: str) -> str | None:
    """A signed address of the bytes for some minutes; None when the store has none and we serve them ourselves."""
    return artifact_store().address(
        artifact.sha256, file_name=file_name, media_type=media_type, seconds=ADDRESS_SECONDS
    )


def artifact_delete(artifact: Artifact) -> None:
    """Forget a doomed artifact: first the bytes, then the row."""
    artifact_store().delete(artifact.sha256)
    artifact.delete()


def _copy(stream: BinaryIO, writer: BinaryIO, limit: int) -> Digests:
    sha256, sha512, sha1 = hashlib.sha256(), hashlib.sha512(), hashlib.sha1(usedforsecurity=False)
    size = 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > limit:
            raise TooLarge("MP9005", {"limit": limit})
        for digest in (sha256, sha512, sha1):
            digest.update(chunk)
        writer.write(chunk)
    return Digests(sha256.hexdigest(), sha512.hexdigest(), sha1.hexdigest(), size)


def _keep(path: Path, digests: Digests, media_type: str) -> Artifact:
    if (ready := _ready(digests.sha256, media_type)) is not None:
        return ready
    artifact_store().put(digests.sha256, path, media_type)
    with transaction.atomic():
        artifact = Artifact.objects.select_for_update().get(sha256=digests.sha256)
        artifact.state = Artifact.State.READY
        artifact.sha512, artifact.sha1, artifact.size = digests.sha512, digests.sha1, digests.size
        artifact.save()
    return artifact


@transaction.atomic
def _ready(sha256: str, media_type: str) -> Artifact | None:
    """The artifact when its bytes are there; else its row is made (or saved from the sweep) as `uploading`."""
    Artifact.objects.get_or_create(sha256=sha256, defaults={"media_type": media_type})
    artifact = Artifact.objects.select_for_update().get(sha256=sha256)
    if artifact.state == Artifact.State.DOOMED:
        artifact.state = Artifact.State.UPLOADING
    artifact.save(update_fields=["state", "touched_at"])
    return artifact if artifact.state == Artifact.State.READY else None
