"""Runs one program and ends its whole process group when the launcher goes away.

`python script/house guard SPEC` with SPEC a JSON object: command, stop (signal number), grace (seconds), record (file),
user ([uid, gid] or null). Standard input is a pipe that only the launcher holds open: its end means "stop the program",
whether the launcher closed it or was killed. The guard lives in a session of its own, so that Ctrl-C in a terminal
reaches the launcher alone.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from house import processes

if TYPE_CHECKING:
    from collections.abc import Sequence

PR_SET_PDEATHSIG = 1
SIGNALLED = 128


def _die_with_guard(stop: int) -> None:
    """Linux only: should the guard itself be killed, the kernel stops the program."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, stop, 0, 0, 0)


def _kill(child: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)


def _end(child: subprocess.Popen[bytes], spec: dict[str, Any]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(child.pid, spec["stop"])
    timer = threading.Timer(spec["grace"], _kill, [child])
    timer.daemon = True
    timer.start()


def _watch(child: subprocess.Popen[bytes], spec: dict[str, Any]) -> None:
    while os.read(0, 64):
        pass
    _end(child, spec)


def _start(spec: dict[str, Any]) -> subprocess.Popen[bytes]:
    uid, gid = spec["user"] or (None, None)
    return subprocess.Popen(  # noqa: S603
        spec["command"],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        user=uid,
        group=gid,
        extra_groups=None if uid is None else [],
        preexec_fn=lambda: _die_with_guard(spec["stop"]),  # noqa: PLW1509  (no thread runs yet)
    )


def main(argv: Sequence[str]) -> int:
    """Run the program to its end and return its exit status (128 + n after signal n)."""
    spec = json.loads(argv[0])
    child = _start(spec)
    record = Path(spec["record"])
    fresh = record.with_suffix(".new")
    pids = {"guard": os.getpid(), "child": child.pid}
    fresh.write_text(json.dumps({name: [pid, processes.identity(pid)] for name, pid in pids.items()}))
    fresh.replace(record)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: _end(child, spec))
    threading.Thread(target=_watch, args=[child, spec], daemon=True).start()
    status = child.wait()
    _kill(child)
    record.unlink(missing_ok=True)
    return status if status >= 0 else SIGNALLED - status
