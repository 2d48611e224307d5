"""Asks the scanner's process; it is started at the first scan of each process of ours, and anew when it has died."""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from registry.clients.scanner.frames import read_frame, write_frame

ROOT = Path(__file__).resolve().parents[3]
COMMAND = [sys.executable, "-m", "registry.clients.scanner"]
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


class ScanFailed(Exception):
    """The scan did not finish: it ran out of time or memory, or its process died. Nothing is known of the package."""


class Scanner:
    """One scanner process; scans one after the other."""

    def __init__(self) -> None:
        """Nothing is started before the first scan."""
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.owner = 0

    def scan(self, archive: bytes, asked: dict[str, Any]) -> dict[str, Any]:
        """The report on the archive; `asked` names checks, seconds and memory (bytes). Raises ScanFailed."""
        with self.lock:
            process = self._started()
            try:
                if process.stdin is None or process.stdout is None:
                    raise BrokenPipeError
                write_frame(process.stdin, json.dumps(asked).encode())
                write_frame(process.stdin, archive)
                answer = read_frame(process.stdout)
            except OSError as error:
                self.stop()
                raise ScanFailed(f"the scanner is gone: {error}") from error
            if answer is None:
                self.stop()
                raise ScanFailed("the scanner died")
        report: dict[str, Any] = json.loads(answer)
        if "failed" in report:
            raise ScanFailed(report["failed"])
        return report

    def stop(self) -> None:
        """End the process, if there is one."""
        if self.process is not None and self.owner == os.getpid():
            self.process.kill()
            self.process.wait()
            for stream in (self.process.stdin, self.process.stdout):
                if stream is not None:
                    stream.close()
        self.process = None

    def _started(self) -> subprocess.Popen[bytes]:
        if self.process is None or self.owner != os.getpid() or self.process.poll() is not None:
            self.stop()
            kept = {key: os.environ[key] for key in ("PATH", "LANG", "VIRTUAL_ENV") if key in os.environ}
            kept |= ONE_THREAD
            self.process = subprocess.Popen(  # noqa: S603  (our own module; nothing of a package is in the command)
                COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=kept, process_group=0
            )
            self.owner = os.getpid()
        return self.process


_scanner = Scanner()
atexit.register(_scanner.stop)


def scan(archive: bytes, asked: dict[str, Any]) -> dict[str, Any]:
    """The report of this process's scanner; raises ScanFailed."""
    return _scanner.scan(archive, asked)
