"""One `git upload-pack` at work: bytes in, bytes out, and an end that always comes."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from installs.clients.gitstore.environment import PROGRAM, scrubbed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from installs.clients.gitstore.store import Repository

CHUNK = 1 << 16
SHORT_SECONDS = 30
SILENT_SECONDS = 60
WHOLE_SECONDS = 900


def knows(path: Path, sha: str) -> bool:
    """Whether the repository holds the object."""
    command = [*PROGRAM, f"--git-dir={path}", "cat-file", "-e", sha]
    done = subprocess.run(  # noqa: S603  (a fixed program; `sha` is 40 hex digits)
        command, env=scrubbed(), stdin=subprocess.DEVNULL, capture_output=True, timeout=SHORT_SECONDS, check=False
    )
    return done.returncode == 0


def advertisement(repository: Repository, protocol: str) -> bytes:
    """What a client reads first: the refs (protocol 0 and 1), or what the server can do (protocol 2)."""
    command = [*PROGRAM, "upload-pack", "--stateless-rpc", "--http-backend-info-refs", "--strict", str(repository.path)]
    done = subprocess.run(  # noqa: S603  (a fixed program; the path is ours)
        command,
        env=scrubbed(protocol),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=SHORT_SECONDS,
        check=True,
    )
    return done.stdout


class Exchange:
    """The answer of upload-pack to one request, as an iterator that is closed when the client goes away.

    Closing ends the process and lets the repository go; so does the end of the answer, SILENT_SECONDS in which either
    side waits for the other, and WHOLE_SECONDS altogether.
    """

    def __init__(self, repository: Repository, body: Iterator[bytes], protocol: str) -> None:
        """Start the process; `body` is fed to it from another thread."""
        self.repository = repository
        command = [*PROGRAM, "upload-pack", "--stateless-rpc", "--strict", f"--timeout={SILENT_SECONDS}"]
        self.process = subprocess.Popen(  # noqa: S603  (a fixed program; the path is ours)
            [*command, str(repository.path)],
            env=scrubbed(protocol),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.deadline = time.monotonic() + WHOLE_SECONDS
        self.feeder = threading.Thread(target=self._feed, args=(body,), name="git-request", daemon=True)
        self.feeder.start()

    def _feed(self, body: Iterator[bytes]) -> None:
        """Send the request; a body that cannot be read to its end ends the process."""
        stdin = self.process.stdin
        assert stdin is not None  # noqa: S101  (a pipe was asked for)
        try:
            for piece in body:
                stdin.write(piece)
            stdin.flush()
        except BrokenPipeError:
            pass
        except Exception:  # noqa: BLE001  (whatever the server's input raises: half a request must not be answered)
            self.kill()
        finally:
            with suppress(OSError):
                stdin.close()

    def __iter__(self) -> Exchange:
        """Iterate once."""
        return self

    def __next__(self) -> bytes:
        """The next piece of the answer, at most 64 KiB."""
        piece = self._read()
        if not piece:
            self.close()
            raise StopIteration
        return piece

    def _read(self) -> bytes:
        stdout = self.process.stdout
        if stdout is None or stdout.closed:
            return b""
        patience = min(SILENT_SECONDS, self.deadline - time.monotonic())
        ready, _, _ = select.select([stdout], [], [], max(patience, 0))
        return os.read(stdout.fileno(), CHUNK) if ready else b""

    def kill(self) -> None:
        """End the process and its children; one that has ended is left alone, its number may be another's now."""
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)

    def close(self) -> None:
        """End everything; harmless when it has ended."""
        if self.process.stdout is not None and not self.process.stdout.closed:
            self.process.stdout.close()
        self.kill()
        self.process.wait()
        self.repository.close()
