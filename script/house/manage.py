"""`script/manage`: manage.py in the same environment as `script/server`, whether that runs or not."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from house import environment, lock, preparation, program, server, virtualenv
from house.console import Refused
from house.postgres import Postgres
from house.valkey import Valkey
from house.virtualenv import PYTHON, ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

WAIT_SECONDS = 180.0
PAUSE = 0.1
USAGE = "usage: script/manage [--data DIR] COMMAND [ARGUMENTS]; `script/manage help` lists the commands"


def _split(argv: Sequence[str]) -> tuple[Path, list[str]]:
    rest, folder = list(argv), None
    if rest[:1] == ["--data"]:
        folder, rest = Path("".join(rest[1:2])), rest[2:]
    if not rest or rest[0] in {"-h", "--help"}:
        raise Refused(USAGE)
    return server.data_folder(folder), rest


def _command(arguments: Sequence[str]) -> list[str]:
    return [str(PYTHON), str(ROOT / "manage.py"), *arguments]


def _environment(data: Path) -> dict[str, str]:
    return environment.environment(data, int(environment.state(data).get("port", environment.PORT)))


def _served(data: Path) -> bool:
    """Whether a server runs on this folder; waits for one that is still starting, and for another `script/manage`."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (holder := lock.holder(data / "lock")) is not None and time.monotonic() < deadline:
        if holder.get("serving"):
            return True
        time.sleep(PAUSE)
    return False


def _alone(data: Path, arguments: Sequence[str]) -> int:
    """Start the embedded services for the time of the command, which keeps the terminal."""
    with ExitStack() as stack:
        stack.enter_context(lock.held(data / "lock", "script/manage", wait=WAIT_SECONDS))
        program.sweep(data / "run")
        if environment.uses_embedded_postgres():
            stack.enter_context(Postgres(data))
        if environment.uses_embedded_valkey():
            stack.enter_context(Valkey(data))
        env = _environment(data)
        if "prepared" not in environment.state(data):
            preparation.prepare(data, env)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        child = subprocess.Popen(_command(arguments), env=env, preexec_fn=_take_interrupts)  # noqa: S603, PLW1509
        try:
            return child.wait()
        finally:
            child.terminate()
            child.wait()


def _take_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def main(argv: Sequence[str]) -> int:
    """Run one management command and return its exit status."""
    data, arguments = _split(argv)
    server.catch_signals()
    virtualenv.enter()
    elsewhere = not environment.uses_embedded_postgres() and not environment.uses_embedded_valkey()
    if elsewhere or _served(data):
        os.execve(PYTHON, _command(arguments), _environment(data))  # noqa: S606
    return _alone(data, arguments)
