"""One launcher per folder: a lock that the kernel drops when its holder dies, with a note of who holds it."""

from __future__ import annotations

import fcntl
import json
import os
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from house import record
from house.console import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

PAUSE = 0.1


def _take(path: Path) -> int | None:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        return None
    return handle


def _write(handle: int, note: dict[str, Any]) -> None:
    content = json.dumps(note).encode()
    os.ftruncate(handle, 0)
    os.pwrite(handle, content, 0)


def holder(path: Path) -> dict[str, Any] | None:
    """The note of whoever holds the lock now (`what`, `pid` and what it added); None when it is free."""
    if not path.exists():
        return None
    handle = _take(path)
    if handle is None:
        return record.load(path)
    os.close(handle)
    return None


@contextmanager
def held(path: Path, what: str, *, wait: float = 0) -> Iterator[Callable[..., None]]:
    """Hold the lock around a block, waiting up to `wait` seconds; gives a function that adds to the note.

    Raises Refused naming the holder.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    deadline = time.monotonic() + wait
    while (handle := _take(path)) is None:
        if time.monotonic() >= deadline:
            note = record.load(path)
            by = f"{note.get('what', 'another program')} (process {note.get('pid', 'unknown')})"
            raise Refused(f"{path.parent} is in use by {by}. Stop it first, or choose another folder with --data.")
        time.sleep(PAUSE)
    note = {"what": what, "pid": os.getpid()}
    try:
        _write(handle, note)
        yield lambda **more: _write(handle, note | more)
    finally:
        os.close(handle)
