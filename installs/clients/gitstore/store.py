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

from installs.clients.gitstore.build import build, build_part
from installs.clients.gitstore.fastimport import MAIN
from installs.clients.gitstore.process import knows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

    from installs.domain.gittree import Chunk, GitState

BYTES_MOST = 2 * 1024**3
EVICTION_SECONDS = 60.0
LEFTOVER_SECONDS = 3600
GUARD = "config"
PARTS = "parts"


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

    def open(self, digest: str, state: Callable[[], GitState]) -> Repository:
        """The repository of the state with this digest, built when it is not there; the caller closes it."""


class LocalGitStore:
    """A GitStore below one folder, shared by all processes of a machine; the least recently used states go first."""

    def __init__(self, root: Path, *, most: int = BYTES_MOST, pause: float = EVICTION_SECONDS) -> None:
        """Keep at most `most` bytes below `root`, apart from what is in use; look at most once in `pause` seconds."""
        self.root = root
        self.most = most
        self.pause = pause
        self._looked = -pause

    def open(self, digest: str, state: Callable[[], GitState]) -> Repository:
        """Find or build; `state` is asked only then. A crash leaves a folder that a later build sweeps away."""
        path = self.root / digest[:2] / digest
        guard = self._held(path)
        if guard is None:
            guard = self._made(path, digest[:3], lambda beside: build(state(), beside, self._part))
            if time.monotonic() - self._looked >= self.pause:
                self._looked = time.monotonic()
                self._evict()
        return Repository(path, (path / MAIN).read_text(encoding="ascii").strip(), guard)

    @contextmanager
    def _part(self, chunk: Chunk) -> Iterator[Path]:
        """The part, kept from eviction in the block."""
        digest = chunk.digest
        path = self.root / PARTS / digest[:2] / digest
        with self._held(path) or self._made(path, f"part-{digest[:3]}", lambda beside: build_part(chunk, beside)):
            yield path

    def _held(self, path: Path) -> BinaryIO | None:
        """The guard of what was built there, with a shared lock; None when it is not there (any more)."""
        try:
            guard = (path / GUARD).open("rb")
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(guard, fcntl.LOCK_SH | fcntl.LOCK_NB)
            is_same = _is_at(guard, path / GUARD)
            os.utime(path)
        except OSError:
            is_same = False
        if not is_same:
            guard.close()
            return None
        return guard

    def _made(self, path: Path, lock: str, make: Callable[[Path], None]) -> BinaryIO:
        with self._building(lock):
            guard = self._held(path)
            if guard is None:
                self._make(path, make)
                guard = self._held(path)
        if guard is None:
            raise FileNotFoundError(path)
        return guard

    def _make(self, path: Path, make: Callable[[Path], None]) -> None:
        beside = self.root / f".building-{uuid4().hex}"
        beside.mkdir(parents=True)
        try:
            make(beside)
            (beside / GUARD).touch()
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(path, ignore_errors=True)
            beside.rename(path)
        finally:
            shutil.rmtree(beside, ignore_errors=True)

    @contextmanager
    def _building(self, lock: str) -> Iterator[None]:
        """One builder of the same at a time, over all threads and processes of this machine.

        Who builds a state may wait for a part, never the other way round: so their locks have other names.
        """
        locks = self.root / ".locks"
        locks.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(locks / lock, os.O_RDWR | os.O_CREAT, 0o600)
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
        for path in (*self.root.glob("[0-9a-f][0-9a-f]/*"), *self.root.glob(f"{PARTS}/*/*")):
            with suppress(FileNotFoundError):
                yield path.stat().st_mtime, path

    def _remove(self, path: Path) -> None:
        """Take the repository away unless somebody reads it."""
        doomed = self.root / f".doomed-{uuid4().hex}"
        try:
            with (path / GUARD).open("rb") as guard:
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
