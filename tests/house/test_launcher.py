"""`script/server` as a person uses it: started, killed, started again, stopped with Ctrl-C."""

from __future__ import annotations

import os
import pty
import re
import signal
import socket
import subprocess
import time
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import pytest

from house import processes

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.crash

ROOT = Path(__file__).resolve().parents[2]
OURS = ("DATABASE_URL", "DATABASE_OWNER_URL", "REDIS_URL", "GS_BUCKET", "DATA_DIR", "BASE_URL", "HOUSE_STARTED")
FOREIGN = re.compile(r"^(DJANGO_|PYTEST_|SECRET_KEY|ALLOWED_HOSTS|DEMO|TEST_TENANT)")


def clean_environment() -> dict[str, str]:
    """This process's environment without what the suite has set for itself."""
    return {name: value for name, value in os.environ.items() if name not in OURS and not FOREIGN.match(name)}


class Terminal:
    """`script/server` in a terminal of its own."""

    def __init__(self, data: Path, port: int) -> None:
        self.output = ""
        self._screen, inner = pty.openpty()
        self.process = subprocess.Popen(
            ["setsid", "--ctty", ROOT / "script" / "server", "--data", data, "--port", str(port), "--no-demo"],
            stdin=inner,
            stdout=inner,
            stderr=inner,
            env=clean_environment(),
            cwd="/",
        )
        os.close(inner)

    def until(self, text: str) -> Self:
        """Read the screen until `text` stands there."""
        while text not in self.output:
            part = b""
            with suppress(OSError):
                part = os.read(self._screen, 4096)
            assert part, f"{text!r} never came:\n{self.output}"
            self.output += part.decode(errors="replace")
        return self

    def press_ctrl_c(self) -> None:
        """What a person does to stop it."""
        os.write(self._screen, b"\x03")

    def close(self) -> None:
        """Give the terminal back; a server that still runs is killed."""
        self.process.kill()
        self.process.wait()
        os.close(self._screen)


@pytest.fixture
def terminals(tmp_path: Path) -> Iterator[list[Terminal]]:
    """Terminals that a test opened; closed after it, and nothing of theirs may be left."""
    opened: list[Terminal] = []
    yield opened
    for terminal in opened:
        terminal.close()
    wait_until_gone(tmp_path)


def left(data: Path) -> list[str]:
    """Processes that work on a data folder: by command line or by environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            text = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            if str(data).encode() in text and int(folder.name) != os.getpid() and processes.identity(int(folder.name)):
                found.append(f"{folder.name} {processes.command(int(folder.name))}")
    return found


def wait_until_gone(data: Path) -> None:
    """Fail when something still runs half a minute later."""
    deadline = time.monotonic() + 30
    while (found := left(data)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert found == []


def answers(port: int) -> bool:
    """Whether the site says that it is ready."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
        return bool(answer.status == 200)


def refuses(port: int) -> bool:
    """Whether nobody listens."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks for left-over processes in /proc")
def test_killed_at_any_time_it_leaves_nothing_and_starts_again(tmp_path: Path, terminals: list[Terminal]) -> None:
    data, port = tmp_path / "data", processes.free_port()

    terminals.append(Terminal(data, port))
    terminals[-1].until("Bringing the database up to date ...")
    terminals[-1].process.kill()
    wait_until_gone(data)

    terminals.append(Terminal(data, port))
    terminals[-1].until(f": http://localhost:{port}")
    assert answers(port)
    other = subprocess.run(
        [ROOT / "script" / "server", "--data", data],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert other.returncode == 1
    assert "is in use by script/server (process" in other.stderr
    version = subprocess.run(
        [ROOT / "script" / "manage", "--data", data, "version"],
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert version.stdout.startswith("5.2")
    os.kill(terminals[-1].process.pid, signal.SIGKILL)
    wait_until_gone(data)
    assert refuses(port)

    terminals.append(Terminal(data, port))
    terminals[-1].until(f": http://localhost:{port}")
    assert "Bringing the database up to date" not in terminals[-1].output
    assert answers(port)
    terminals[-1].press_ctrl_c()
    terminals[-1].until("Everything is stopped.")
    assert terminals[-1].process.wait(30) == 0
    assert left(data) == []
    assert refuses(port)
