"""Writes root commits into a bare repository: the same files are the same bytes of every object."""

from __future__ import annotations

import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from typing import IO, TYPE_CHECKING

from installs.clients.gitstore.environment import CONFIG, PROGRAM, scrubbed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from registry.domain.content import File

DATE = "946684800 +0000"
"""The first second of the year 2000: states have no age."""

BUILD_SECONDS = 300
MAIN = "refs/heads/main"
PACKS = "objects/pack"


class BuildFailed(Exception):
    """Git did not take the files; the text is its last line."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A root commit for `ref`: files, and folders whose trees (by object id) the repository has already."""

    ref: str
    author: str
    message: str
    files: Iterable[tuple[str, File]]
    folders: Mapping[str, str] = field(default_factory=dict)


def make_empty(path: Path) -> None:
    """Make a bare repository without anything in the empty folder `path`."""
    for folder in ("objects/info", PACKS, "refs/heads", "refs/tags"):
        (path / folder).mkdir(parents=True)
    (path / "HEAD").write_text(f"ref: {MAIN}\n", encoding="ascii")
    (path / "config").write_text(CONFIG, encoding="ascii")


def write_commits(path: Path, commits: Iterable[Commit]) -> None:
    """Write them as one pack; raises BuildFailed, and whatever reading the files raises."""
    command = [*PROGRAM, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--date-format=raw", "--done"]
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603  (a fixed program with fixed arguments)
            command, cwd=path, env=scrubbed(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints
        )
        try:
            assert process.stdin is not None  # noqa: S101  (a pipe was asked for)
            for commit in commits:
                _send(commit, process.stdin)
            process.stdin.write(b"done\n")
            process.stdin.close()
            failed = process.wait(BUILD_SECONDS) != 0
        except BrokenPipeError:
            failed = True
        finally:
            process.kill()
            process.wait()
        if failed:
            complaints.seek(0)
            lines = complaints.read(10_000).decode(errors="replace").strip().splitlines() or ["git fast-import failed"]
            raise BuildFailed(lines[0][:300])


def _send(commit: Commit, stdin: IO[bytes]) -> None:
    """One root commit; its author and message follow from the state alone."""
    message = f"{commit.message}\n".encode()
    author = "".join(letter for letter in commit.author if letter not in "\r\n\0").encode()
    stdin.write(b"commit %s\nauthor %s %s\n" % (commit.ref.encode(), author, DATE.encode()))
    stdin.write(b"committer %s %s\ndata %d\n%s" % (author, DATE.encode(), len(message), message))
    for path, tree in commit.folders.items():
        stdin.write(b"M 040000 %s %s\n" % (tree.encode(), _quoted(path)))
    for path, file in commit.files:
        mode = b"100755" if file.executable else b"100644"
        stdin.write(b"M %s inline %s\ndata %d\n" % (mode, _quoted(path), len(file.data)))
        stdin.write(file.data)
        stdin.write(b"\n")
    stdin.write(b"\n")


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode()


def flush_below(path: Path) -> None:
    """Bring every file to the disk, so that the rename which publishes the folder never comes before its bytes."""
    for folder, _, names in os.walk(path):
        for name in names:
            descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)  # noqa: PTH118  (os.walk speaks in text)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
