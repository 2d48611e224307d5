"""The cache of built repositories: one folder a state, made once, kept while it is used."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol, Self
from uuid import uuid4

from django.conf import settings

from installs.clients.gitstore.build import MAIN, build
from installs.clients.gitstore.process import knows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from installs.domain.gittree import GitState

BYTES_MOST = 2 * 1024**3
EVICTION_SECONDS = 60.0
LEFTOVER_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class Repository:
    """A built repository, kept from eviction until it is closed; `commit` is what `main` names."""

    path: Path
    commit: str
    guard: BinaryIO

    def has(self, sha: str) -> bool:
        """Whether an object of that name (40 hex digits) is in it."""
        return sha == self.commit or knows(self.path, sha)

    def close(self) -> None:
        """Let the cache evict it again; closing twice is harmless."""
        self.guard.close()

    def __enter__(self) -> Self:
        """Use it in a block."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close it."""
        self.close()


class GitStore(Protocol):
    """Turns states into repositories; equal states have equal commits, on every machine."""

    def open(self, state: GitState) -> Repository:
        """The repository of the state, built when it is not there; the caller closes it."""


class LocalGitStore:
    """A GitStore below one folder, shared by all processes of a machine; the least recently used states go first."""

    def __init__(self, root: Path, *, most: int = BYTES_MOST, pause: float = EVICTION_SECONDS) -> None:
        """Keep at most `most` bytes below `root`, apart from what is in use; look at most once in `pause` seconds."""
        self.root = root
        self.most = most
        self.pause = pause
        self._looked = -pause

    def open(self, state: GitState) -> Repository:
        """Find or build; a crash while building leaves a folder that a later build sweeps away."""
        digest = state.digest
        path = self.root / digest[:2] / digest
        found = self._open(path)
        if found is not None:
            return found
        with self._building(digest):
            found = self._open(path)
            if found is None:
                self._build(state, path)
                found = self._open(path)
        if found is None:
            raise FileNotFoundError(path)
        if time.monotonic() - self._looked >= self.pause:
            self._looked = time.monotonic()
            self._evict()
        return found

    def _open(self, path: Path) -> Repository | None:
        """The finished repository with a shared lock on it, or None when it is not there (any more)."""
        try:
            guard = (path / "config").open("rb")
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(guard, fcntl.LOCK_SH | fcntl.LOCK_NB)
            commit = (path / MAIN).read_text(encoding="ascii").strip()
            is_same = _is_at(guard, path / "config")
            os.utime(path)
        except OSError:
            is_same = False
        if not is_same:
            guard.close()
            return None
        return Repository(path, commit, guard)

    def _build(self, state: GitState, path: Path) -> None:
        beside = self.root / f".building-{uuid4().hex}"
        beside.mkdir(parents=True)
        try:
            build(state, beside)
            path.parent.mkdir(exist_ok=True)
            shutil.rmtree(path, ignore_errors=True)
            beside.rename(path)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    @contextmanager
    def _building(self, digest: str) -> Iterator[None]:
        """One builder of a state at a time, over all threads and processes of this machine."""
        locks = self.root / ".locks"
        locks.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(locks / digest[:3], os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)

    def _evict(self) -> None:
        """Remove the least recently used repositories beyond the limit, and what crashed builds left."""
        kept = 0
        for used, path in sorted(self._repositories(), reverse=True):
            kept += _size(path)
            if kept > self.most and used:
                self._remove(path)
        horizon = time.time() - LEFTOVER_SECONDS
        for leftover in self.root.glob(".[bd]*-*"):
            with suppress(FileNotFoundError):
                if leftover.stat().st_mtime < horizon:
                    shutil.rmtree(leftover, ignore_errors=True)

    def _repositories(self) -> Iterator[tuple[float, Path]]:
        for path in self.root.glob("[0-9a-f][0-9a-f]/*"):
            with suppress(FileNotFoundError):
                yield path.stat().st_mtime, path

    def _remove(self, path: Path) -> None:
        """Take the repository away unless somebody reads it."""
        doomed = self.root / f".doomed-{uuid4().hex}"
        try:
            with (path / "config").open("rb") as guard:
                fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.rename(doomed)
        except OSError:
            return
        shutil.rmtree(doomed, ignore_errors=True)


def _is_at(file: BinaryIO, path: Path) -> bool:
    """Whether the open file is still the one at `path`."""
    return os.path.samestat(os.fstat(file.fileno()), path.stat())


def _size(path: Path) -> int:
    total = 0
    for folder, _, names in os.walk(path):
        for name in names:
            with suppress(FileNotFoundError):
                total += (Path(folder) / name).stat().st_size
    return total


@cache
def git_store() -> GitStore:
    """The store below GIT_CACHE_DIR."""
    return LocalGitStore(Path(settings.GIT_CACHE_DIR))
