"""`python -m tests.clients.install [NAME ...]`: puts the pinned clients into a cache folder outside the repository.

The folder is CLIENTS_DIR, else `agent-marketplace/clients` in the user's cache. Each client is installed beside and
then renamed, so that what stands there is whole; what stands there is left alone. Needs npm and the standard library.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from tests.clients.pins import PINS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.clients.pins import Pin

SECONDS = 600
AT_ONCE = 2
OPTIONS = ("--no-audit", "--no-fund", "--ignore-scripts", "--omit=optional", "--force", "--loglevel=error")


class CannotInstall(Exception):
    """The client cannot be had on this machine; the text says why."""


def cache() -> Path:
    """The folder of all clients."""
    given = os.environ.get("CLIENTS_DIR")
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(given) if given else home / "agent-marketplace" / "clients"


def program(pin: Pin) -> Path:
    """The program, whether it is there or not."""
    return cache() / pin.folder / "node_modules" / pin.program


def command(name: str) -> list[str]:
    """How the client is called; raises CannotInstall when it, or the node that it needs, is not installed."""
    pin = PINS[name]
    if not program(pin).is_file():
        raise CannotInstall(f"{pin.spec} is not installed: run python -m tests.clients.install {name}")
    return [*(command(pin.node) if pin.needs_node else []), str(program(pin))]


def install(pin: Pin) -> bool:
    """Install the client; False when it is there already. Raises CannotInstall."""
    if program(pin).is_file():
        return False
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise CannotInstall(f"{pin.spec}: the pinned programs are for Linux on x86-64")
    npm = shutil.which("npm")
    if npm is None:
        raise CannotInstall(f"{pin.spec}: there is no npm on this machine to fetch it with")
    cache().mkdir(parents=True, exist_ok=True)
    beside = Path(mkdtemp(prefix=f".{pin.name}-", dir=cache()))
    try:
        _run_npm([npm, "install", "--prefix", str(beside), *OPTIONS, pin.spec])
        if pin.inside:
            _run_npm([npm, "install", "--prefix", str(beside / "node_modules" / pin.inside), *OPTIONS, "--omit=dev"])
        shutil.rmtree(cache() / pin.folder, ignore_errors=True)
        beside.rename(cache() / pin.folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    if not program(pin).is_file():
        raise CannotInstall(f"{pin.spec} has no {pin.program}")
    return True


def _run_npm(call: Sequence[str]) -> None:
    try:
        done = subprocess.run(call, stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired as late:
        raise CannotInstall(f"{call[-1]}: npm took more than {SECONDS} s") from late
    if done.returncode:
        raise CannotInstall(f"{call[-1]}: {done.stderr.decode(errors='replace').strip()[-500:]}")


def _told(pin: Pin) -> str:
    """Install and say what happened; raises CannotInstall."""
    return f"{pin.spec}: {'installed' if install(pin) else 'is there'}"


def _usual() -> list[str]:
    return [name for name, pin in PINS.items() if not pin.is_asked_for]


def main(names: Sequence[str]) -> int:
    """Install the named clients, or the usual ones; returns 1 when one cannot be had, after the others were tried."""
    unknown = [name for name in names if name not in PINS]
    if unknown:
        print(f"There is no client {', '.join(unknown)}; there are {', '.join(PINS)}.")  # noqa: T201  (a command)
        return 2
    failed = False
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for waiting in [pool.submit(_told, PINS[name]) for name in names or _usual()]:
            try:
                print(waiting.result(), flush=True)  # noqa: T201  (likewise)
            except CannotInstall as error:
                failed = True
                print(error, file=sys.stderr, flush=True)  # noqa: T201  (likewise)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
