"""A running git site, and the real git client with nobody's configuration."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 30


@dataclass(frozen=True)
class GitSite:
    """The site's address and the folder from which it serves."""

    base: str
    folder: Path
    pid: int

    def put(self, name: str, current: dict[str, Any], *former: dict[str, Any]) -> None:
        """Let the address offer `current`; `former` are states that it may still give."""
        beside = self.folder / f".{name}"
        beside.write_text(json.dumps({"current": current, "former": former}), encoding="utf-8")
        beside.rename(self.folder / f"{name}.json")

    def personal(self, key: str) -> str:
        """The address of a personal repository."""
        return f"{self.base}/git/i/{key}.git"

    def publisher(self, name: str) -> str:
        """The address of a publisher's repository."""
        return f"{self.base}/git/{name}.git"

    def gits(self) -> list[int]:
        """The git processes that the site runs at this moment, at any depth."""
        return [pid for pid, name in _descendants(self.pid) if name == "git"]


def _descendants(pid: int) -> list[tuple[int, str]]:
    children: dict[int, list[tuple[int, str]]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text(encoding="utf-8", errors="replace")
        except OSError:
            continue
        number, _, rest = text.partition(" (")
        name, _, facts = rest.rpartition(") ")
        if facts.split()[0] != "Z":
            children.setdefault(int(facts.split()[1]), []).append((int(number), name))
    found, waiting = [], [pid]
    while waiting:
        more = children.get(waiting.pop(), [])
        found += more
        waiting += [number for number, _ in more]
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def git_site(folder: Path) -> Iterator[GitSite]:
    """Serve the addresses below `folder` until the block ends."""
    port = _free_port()
    environment = os.environ | {"GIT_SITE_DIR": str(folder), "PYTHONPATH": f"{ROOT}:{ROOT / 'script'}"}
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "tests.clients.git_site:application"]
    options = ["--host", "127.0.0.1", "--port", str(port), "--blocking-threads", "8", "--no-ws"]
    log = (folder / "site.log").open("wb")
    process = subprocess.Popen([*command, *options], cwd=ROOT, env=environment, stdout=log, stderr=log)
    try:
        _wait_until_ready(port, process, folder / "site.log")
        yield GitSite(f"http://127.0.0.1:{port}", folder, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _wait_until_ready(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + READY_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError(log.read_text(encoding="utf-8", errors="replace")[-4000:])


def git(*arguments: str | Path, cwd: Path, check: bool = True, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run git as a person without any configuration would."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(cwd),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
        **variables,
    }
    command = ["git", *map(str, arguments)]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=60, check=False)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done
