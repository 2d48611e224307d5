"""Writes one state as a bare repository: same state, same bytes of every object, same commits."""

from __future__ import annotations

import os
import subprocess
import tempfile
from typing import IO, TYPE_CHECKING

from installs.clients.gitstore.environment import CONFIG, PROGRAM, scrubbed

if TYPE_CHECKING:
    from pathlib import Path

    from installs.domain.gittree import GitState, GitTree

DATE = "946684800 +0000"
"""The first second of the year 2000: states have no age."""

BUILD_SECONDS = 300
MAIN = "refs/heads/main"


class BuildFailed(Exception):
    """Git did not take the state; the text is its last line."""


def build(state: GitState, path: Path) -> str:
    """Write the repository into the empty folder `path`; returns the commit of `main`.

    Raises BuildFailed, and whatever reading a plugin's files raises; `path` is of no use then.
    """
    for folder in ("objects/info", "objects/pack", "refs/heads", "refs/tags"):
        (path / folder).mkdir(parents=True)
    (path / "HEAD").write_text(f"ref: {MAIN}\n", encoding="ascii")
    (path / "config").write_text(CONFIG, encoding="ascii")
    _import(state, path)
    commit = (path / MAIN).read_text(encoding="ascii").strip()
    for folder, _, names in os.walk(path):
        for name in names:
            _flush(os.path.join(folder, name))  # noqa: PTH118  (os.walk speaks in text)
    return commit


def _import(state: GitState, path: Path) -> None:
    command = [*PROGRAM, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet", "--date-format=raw", "--done"]
    with tempfile.TemporaryFile() as complaints:
        process = subprocess.Popen(  # noqa: S603  (a fixed program with fixed arguments)
            command, cwd=path, env=scrubbed(), stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=complaints
        )
        try:
            assert process.stdin is not None  # noqa: S101  (a pipe was asked for)
            _send(state, process.stdin)
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


def _send(state: GitState, stdin: IO[bytes]) -> None:
    trees = {MAIN: state.head} | {f"refs/tags/{name}": tree for name, tree in sorted(state.tags.items())}
    for ref, tree in trees.items():
        _send_commit(ref, tree, state, stdin)
    stdin.write(b"done\n")


def _send_commit(ref: str, tree: GitTree, state: GitState, stdin: IO[bytes]) -> None:
    """One root commit; its author and message follow from the state alone."""
    message = f"{state.digest}\n".encode()
    author = "".join(letter for letter in state.author if letter not in "\r\n\0").encode()
    stdin.write(b"commit %s\nauthor %s %s\n" % (ref.encode(), author, DATE.encode()))
    stdin.write(b"committer %s %s\ndata %d\n%s" % (author, DATE.encode(), len(message), message))
    for path, file in tree.files():
        mode = b"100755" if file.executable else b"100644"
        stdin.write(b"M %s inline %s\ndata %d\n" % (mode, _quoted(path), len(file.data)))
        stdin.write(file.data)
        stdin.write(b"\n")
    stdin.write(b"\n")


def _quoted(path: str) -> bytes:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'.encode()


def _flush(path: str) -> None:
    """Bring a file to the disk, so that the rename which publishes the repository never comes before its bytes."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
