"""The files of one package, in memory, after an archive has been read safely."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, slots=True)
class File:
    """One regular file: its bytes and whether it may be run."""

    data: bytes
    executable: bool = False


class Content(Mapping[str, File]):
    """Files by relative POSIX path (NFC, no `..`, no leading slash), iterated in path order."""

    def __init__(self, files: Mapping[str, File]) -> None:
        """Keep `files` as they are; the archive readers make sure that paths are safe."""
        self._files = dict(sorted(files.items()))
        self._paths = list(self._files)

    def __getitem__(self, path: str) -> File:
        return self._files[path]

    def __iter__(self) -> Iterator[str]:
        return iter(self._files)

    def __len__(self) -> int:
        return len(self._files)

    @property
    def size(self) -> int:
        """All bytes of all files."""
        return sum(len(file.data) for file in self._files.values())

    @cached_property
    def digest(self) -> str:
        """SHA-256 (hex) over paths, modes and bytes: equal content has an equal digest, however it was packed."""
        total = hashlib.sha256()
        for path, file in self._files.items():
            mode = "x" if file.executable else "-"
            total.update(f"{mode} {hashlib.sha256(file.data).hexdigest()} {path}\n".encode())
        return total.hexdigest()

    def paths_below(self, root: str) -> list[str]:
        """The paths under folder `root` (empty = all), in order; as quick for one file as for ten thousand."""
        if not root.strip("/"):
            return self._paths
        folder = root.strip("/")
        return self._paths[bisect_left(self._paths, f"{folder}/") : bisect_left(self._paths, f"{folder}0")]

    def below(self, root: str) -> Content:
        """The files under folder `root` (empty = all), with paths relative to it."""
        cut = len(root.strip("/")) + 1 if root.strip("/") else 0
        return Content({path[cut:]: self._files[path] for path in self.paths_below(root)})

    def text(self, path: str, *, most: int | None = None) -> str:
        """The file (or its first `most` bytes) as text; what is not UTF-8 becomes U+FFFD, a byte order mark goes."""
        return self[path].data[:most].decode("utf-8-sig", errors="replace")
