"""Everything the sandbox knows, in one SQLite file: objects, events, deliveries, ledger, clock."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Thing = dict[str, Any]

TABLES = """
CREATE TABLE IF NOT EXISTS thing (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS thing_kind ON thing (kind, seq);
CREATE TABLE IF NOT EXISTS answered (
  key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS entry (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, posting TEXT NOT NULL, account TEXT NOT NULL, currency TEXT NOT NULL,
  amount INTEGER NOT NULL, at INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS delivery (
  seq INTEGER PRIMARY KEY AUTOINCREMENT, event TEXT NOT NULL, endpoint TEXT NOT NULL, due REAL NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""


class Store:
    """The file; one request at a time, each of them whole or not at all."""

    def __init__(self, path: Path | str) -> None:
        """Open the file, made when missing."""
        self._connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=10)
        self._connection.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;{TABLES}")
        self._lock = threading.RLock()
        self._depth = 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep everybody else out, and keep nothing when the block raises."""
        with self._lock:
            self._depth += 1
            try:
                if self._depth == 1:
                    self._connection.execute("BEGIN IMMEDIATE")
                yield
            except BaseException:
                if self._depth == 1:
                    self._connection.execute("ROLLBACK")
                raise
            else:
                if self._depth == 1:
                    self._connection.execute("COMMIT")
            finally:
                self._depth -= 1

    def rows(self, words: str, *values: Any) -> list[tuple[Any, ...]]:
        """Run one statement; its rows."""
        with self._lock:
            return self._connection.execute(words, values).fetchall()

    def get(self, key: str) -> Thing | None:
        """The object with this id."""
        found = self.rows("SELECT body FROM thing WHERE id = ?", key)
        return dict(json.loads(found[0][0])) if found else None

    def put(self, thing: Thing) -> None:
        """Write the object, new or changed."""
        words = (
            "INSERT INTO thing (id, kind, body) VALUES (?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body"
        )
        self.rows(words, thing["id"], thing["object"], json.dumps(thing))

    def every(self, kind: str, **equal: Any) -> list[Thing]:
        """All objects of a kind whose fields are equal to these, newest first."""
        found = (
            json.loads(row[0]) for row in self.rows("SELECT body FROM thing WHERE kind = ? ORDER BY seq DESC", kind)
        )
        return [thing for thing in found if all(thing.get(name) == value for name, value in equal.items())]

    def setting(self, name: str, default: Any = None) -> Any:
        """One value that outlives a restart."""
        found = self.rows("SELECT value FROM setting WHERE name = ?", name)
        return json.loads(found[0][0]) if found else default

    def set(self, name: str, value: Any) -> None:
        """Remember one value."""
        words = "INSERT INTO setting VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value"
        self.rows(words, name, json.dumps(value))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
