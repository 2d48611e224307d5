"""Files for a moment, below the house's own folder: what a killed process left there is swept away."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile, mkdtemp
from typing import TYPE_CHECKING, BinaryIO, cast

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Iterator

YOUNG_SECONDS = 60
"""A folder this young may not be locked yet."""


def temporary_file() -> BinaryIO:
    """A file without a name: the kernel takes it away with the last process that has it open, also after kill -9."""
    return cast("BinaryIO", TemporaryFile(dir=_root()))


@contextmanager
def temporary_folder(prefix: str) -> Iterator[Path]:
    """A folder for the time of the block, locked so that the sweep leaves it alone."""
    path = Path(mkdtemp(prefix=prefix, dir=_root()))
    guard = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(guard, fcntl.LOCK_EX)
        yield path
    finally:
        os.close(guard)
        shutil.rmtree(path, ignore_errors=True)


def leftovers_sweep() -> int:
    """Remove what nobody holds any more; returns how much that was."""
    swept = 0
    for path in _root().iterdir():
        with suppress(FileNotFoundError):
            if time.time() - path.stat().st_mtime > YOUNG_SECONDS and not _is_held(path):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink()
                swept += 1
    return swept


def _is_held(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        os.close(descriptor)
    return False


def _root() -> Path:
    root = Path(settings.TEMP_DIR)
    root.mkdir(mode=0o700, parents=True, exist_ok=True)
    return root
