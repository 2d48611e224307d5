"""Deliveries that leave before Django is asked: a line in a file before the first byte, a row some moments later.

A process appends to a file of its own, on which it holds a lock. A thread writes the lines into the database and then
takes the file away. What a process that died has left is found by the lock that nobody holds, and read by the next one;
a line that is read twice counts nobody twice.
"""

from __future__ import annotations

import fcntl
import json
import os
import threading
from datetime import date, datetime
from multiprocessing.util import Finalize
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.db import connection

from installs.services.downloads import Row, rows_write
from marketplace.core import tenancy
from marketplace.core.ids import uuid7

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

log = structlog.get_logger(__name__)

GATHER_SECONDS = 0.1
PAUSE_SECONDS = 5.0
"""After a failure; the lines wait meanwhile."""
AT_ONCE = 1_000
MOST_BYTES = 64 * 1024 * 1024
"""More waiting than this (the database is away) and deliveries are asked of the views again."""


class SpoolFailed(Exception):
    """The line could not be written; the delivery has to be written down in another way."""


class Spool:
    """The deliveries of this process that are not in the database yet."""

    def __init__(self, folder: Path) -> None:
        """Touch nothing yet."""
        self._folder = folder
        self._file: int | None = None
        self._waiting = 0
        self._lock = threading.Lock()
        self._given = threading.Event()

    def start(self) -> None:
        """Write down from now on, in a thread: first what others left, and at the end what is left then."""
        self._given.set()
        threading.Thread(target=self._work, name="deliveries", daemon=True).start()
        Finalize(None, self._last, exitpriority=0)  # the server's process is one of multiprocessing: no atexit there

    def add(self, row: Row) -> None:
        """Write the row into the file; raises SpoolFailed when that is not possible."""
        line = _line(row)
        with self._lock:
            if self._waiting > MOST_BYTES:
                raise SpoolFailed
            try:
                file = self._file if self._file is not None else self._open()
                os.write(file, line)
            except OSError as error:
                raise SpoolFailed from error
            self._waiting += len(line)
        self._given.set()

    def flush(self) -> int:
        """Write into the database what waits here and what others left; returns how many rows."""
        self._close()
        written = 0
        for path in sorted(self._folder.glob("*.jsonl")):
            written += _drain(path)
        with self._lock:
            self._waiting = 0
        return written

    def _open(self) -> int:
        """A new file under our lock; one that another process took for left over in between is gone."""
        self._folder.mkdir(parents=True, exist_ok=True)
        while True:
            path = self._folder / f"{uuid7()}.jsonl"
            file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX)
            if os.fstat(file).st_nlink:
                self._file = file
                return file
            os.close(file)

    def _close(self) -> None:
        """Let go of the present file; the next delivery begins another."""
        with self._lock:
            file, self._file = self._file, None
        if file is not None:
            os.close(file)

    def _work(self) -> None:
        while True:
            self._given.wait()
            threading.Event().wait(GATHER_SECONDS)
            self._given.clear()
            if not self._last():
                threading.Event().wait(PAUSE_SECONDS)
                self._given.set()

    def _last(self) -> bool:
        """Flush whatever happens; whether it went well."""
        try:
            with tenancy.bound(tenancy.SYSTEM):
                self.flush()
        except Exception as error:  # noqa: BLE001  (the database is away, say: the lines stay where they are)
            log.warning("deliveries.wait", error=str(error))
            return False
        finally:
            connection.close()
        return True


def _drain(path: Path) -> int:
    """Write down one file's lines and take it away; 0 for one that somebody still writes to."""
    try:
        file = path.open(encoding="utf-8")
    except FileNotFoundError:
        return 0
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return 0
        if not path.exists():
            return 0
        rows = list(_rows(file))
        for first in range(0, len(rows), AT_ONCE):
            rows_write(rows[first : first + AT_ONCE])
        path.unlink()
    return len(rows)


def _line(row: Row) -> bytes:
    return json.dumps([row.day.isoformat(), row.at.isoformat(), *row[2:]]).encode() + b"\n"


def _rows(lines: Iterator[str]) -> Iterator[Row]:
    """The rows of a file; a last line that its process did not finish is none."""
    for line in lines:
        try:
            day, at, *rest = json.loads(line)
            yield Row(date.fromisoformat(day), datetime.fromisoformat(at), *rest)
        except (ValueError, TypeError) as error:
            log.warning("deliveries.broken_line", error=str(error))


spool = Spool(settings.DATA_DIR / "deliveries")
