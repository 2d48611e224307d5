"""Programs under a guard: start one, wait for it, stop it; sweep what a dead launcher and a dead guard left behind."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from house import processes, record
from house.console import Refused

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

HOUSE = Path(__file__).resolve().parent
LOG_BYTES = 10_000_000
TAIL_LINES = 15
SWEEP_SECONDS = 25.0
PAUSE = 0.05


@dataclass(frozen=True, slots=True)
class Program:
    """What to run: its command, environment, folder of run records, log (None = ours), and how to stop it."""

    name: str
    command: Sequence[str]
    run: Path
    log: Path | None = None
    env: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    stop: int = signal.SIGTERM
    grace: float = 10.0
    user: tuple[int, int] | None = None
    folder: Path = HOUSE.parent.parent

    def tail(self) -> str:
        """The last lines of the log, indented, for a message."""
        if self.log is None or not self.log.exists():
            return ""
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-TAIL_LINES:]
        return "\n".join(f"    {line}" for line in lines)


def trim(log: Path | None) -> None:
    """Move the content of a log that grew too long to `<name>.1`; programs append, so they go on writing to it."""
    if log and log.exists() and log.stat().st_size > LOG_BYTES:
        shutil.copyfile(log, log.with_name(f"{log.name}.1"))
        os.truncate(log, 0)


def _open_log(log: Path) -> IO[bytes]:
    log.parent.mkdir(parents=True, exist_ok=True)
    trim(log)
    return log.open("ab")


class Guarded:
    """A running program; it ends when `close` is called or when this process ends in any way."""

    def __init__(self, program: Program, *, piped: bool = False) -> None:
        """Start the guard, which starts the program; `piped` gives its output through `output`."""
        self.program = program
        program.run.mkdir(parents=True, exist_ok=True)
        spec = {
            "command": [str(part) for part in program.command],
            "stop": int(program.stop),
            "grace": program.grace,
            "record": str(program.run / f"{program.name}.json"),
            "user": program.user,
        }
        log = _open_log(program.log) if program.log and not piped else None
        target = subprocess.PIPE if piped else (log or None)
        self._guard = subprocess.Popen(  # noqa: S603
            [sys.executable, "-ES", str(HOUSE), "guard", json.dumps(spec)],
            stdin=subprocess.PIPE,
            stdout=target,
            stderr=subprocess.STDOUT if target else None,
            env=dict(program.env),
            cwd=program.folder,
            start_new_session=True,
        )
        if log:
            log.close()

    @property
    def output(self) -> IO[bytes]:
        """The program's output; raises ValueError when it was not started with `piped`."""
        if self._guard.stdout is None:
            raise ValueError(self.program.name)
        return self._guard.stdout

    def poll(self) -> int | None:
        """The exit status, None while it runs."""
        return self._guard.poll()

    def close(self) -> None:
        """Ask for a graceful stop; returns at once."""
        if self._guard.stdin:
            with suppress(OSError):
                self._guard.stdin.close()

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end and return the exit status; raises subprocess.TimeoutExpired."""
        status = self._guard.wait(timeout)
        self.close()
        return status

    def stop(self) -> None:
        """Stop gracefully and wait; kills what is still there after the grace time."""
        self.close()
        try:
            self.wait(self.program.grace + 5)
        except subprocess.TimeoutExpired:
            self.kill()

    def kill(self) -> None:
        """End program and guard now."""
        _end(self.program.run / f"{self.program.name}.json", signal.SIGKILL)
        self._guard.kill()
        self._guard.wait()
        self.close()


def run(program: Program, on_line: Callable[[str], None] | None = None) -> None:
    """Run a program to its end, giving its output line by line; raises Refused with the log's end when it fails."""
    lines: list[str] = []
    guarded = Guarded(program, piped=True)
    try:
        for raw in guarded.output:
            line = raw.decode(errors="replace").rstrip()
            lines = [*lines[1 - TAIL_LINES :], line]
            if on_line:
                on_line(line)
        status = guarded.wait()
    except BaseException:
        guarded.stop()
        raise
    finally:
        guarded.output.close()
    if status:
        shown = "\n".join(f"    {line}" for line in lines)
        raise Refused(f"{program.name} ended with status {status}. The last lines of its output:\n{shown}")


def _living(pair: Sequence[object] | None) -> int | None:
    if not pair or not isinstance(pair[0], int) or processes.identity(pair[0]) != pair[1]:
        return None
    return pair[0]


def _end(path: Path, number: int) -> None:
    pid = _living(record.load(path).get("child"))
    if pid:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)


def _gone(path: Path, role: str, seconds: float) -> bool:
    """Whether the recorded guard or child has ended, after waiting for that up to `seconds`."""
    deadline = time.monotonic() + seconds
    while _living(record.load(path).get(role)):
        if time.monotonic() > deadline:
            return False
        time.sleep(PAUSE)
    return True


def sweep(run_folder: Path, name: str = "*") -> None:
    """End what an earlier launcher left: wait for guards that are stopping, stop programs whose guard is dead.

    Raises Refused when something of it still runs after that.
    """
    for path in sorted(run_folder.glob(f"{name}.json")):
        ended = _gone(path, "guard", SWEEP_SECONDS)
        for number, seconds in ((signal.SIGINT, 10.0), (signal.SIGKILL, 5.0)) if ended else ():
            _end(path, number)
            ended = _gone(path, "child", seconds)
        if not ended:
            guard, child = (record.load(path).get(role, ["?"])[0] for role in ("guard", "child"))
            raise Refused(
                f"{path.stem} of an earlier start still runs (processes {guard}, {child}); end it, then start again."
            )
        path.unlink(missing_ok=True)
