"""Bytes in a folder: written beside, flushed, then renamed, so that a crash leaves nothing or all."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, BinaryIO
from uuid import uuid4

from registry.clients.artifacts.store import key_of

if TYPE_CHECKING:
    from pathlib import Path


class LocalStore:
    """An ArtifactStore on one machine's disk."""

    def __init__(self, root: Path) -> None:
        """Keep everything below `root`."""
        self.root = root

    def put(self, sha256: str, source: Path, media_type: str) -> None:  # noqa: ARG002  (the disk keeps no media types)
        """Copy, flush to the disk, rename; an object that is there already stays."""
        target = self.root / key_of(sha256)
        if target.exists():
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{uuid4().hex}")
        try:
            with source.open("rb") as reader, beside.open("wb") as writer:
                shutil.copyfileobj(reader, writer, 1 << 20)
                writer.flush()
                os.fsync(writer.fileno())
            beside.replace(target)
            _flush(target.parent)
        finally:
            beside.unlink(missing_ok=True)

    def open(self, sha256: str) -> BinaryIO:
        """The file, opened for reading."""
        return (self.root / key_of(sha256)).open("rb")

    def exists(self, sha256: str) -> bool:
        """Whether the file is there."""
        return (self.root / key_of(sha256)).is_file()

    def delete(self, sha256: str) -> None:
        """Remove the file."""
        (self.root / key_of(sha256)).unlink(missing_ok=True)

    def address(self, sha256: str, *, file_name: str, media_type: str, seconds: int) -> str | None:  # noqa: ARG002
        """Always None: this store has no address of its own."""
        return None

    def check(self) -> None:
        """Write and remove a file."""
        self.root.mkdir(parents=True, exist_ok=True)
        probe = self.root / f".probe-{uuid4().hex}"
        probe.write_bytes(b"ok")
        probe.unlink()


def _flush(folder: Path) -> None:
    """Make a new name in the folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
