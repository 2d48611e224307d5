"""A person's machine: a home folder of its own, the pinned clients on its PATH, and nothing of this machine's."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.clients import install
from tests.clients.pins import PINS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

SECONDS = 120
QUIET = {
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "DISABLE_AUTOUPDATER": "1",
    "DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "GEMINI_CLI_NO_RELAUNCH": "true",
    "NO_COLOR": "1",
    "NO_UPDATE_NOTIFIER": "1",
    "OPENCODE_DISABLE_AUTOUPDATE": "1",
    "OPENCODE_DISABLE_MODELS_FETCH": "1",
}
"""Clients ask nobody but us."""


@dataclass
class Machine:
    """`home` and the working folder `project`; `env` is what every program sees besides."""

    root: Path
    env: dict[str, str] = field(default_factory=dict)
    prefix: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Make the folders, and one small program for each client that is installed."""
        self.home, self.project, self.bin = (self.root / name for name in ("home", "project", "bin"))
        for folder in (self.home, self.project, self.bin):
            folder.mkdir(parents=True, exist_ok=True)
        for name in PINS:
            try:
                call = shlex.join(install.command(name))
            except install.CannotInstall:
                continue
            self._program(name, call)
        self._program("npx", "")

    def _program(self, name: str, call: str) -> None:
        """A small program that runs `call` with its own arguments; without one, the program that the first names."""
        path = self.bin / name
        path.write_text(f'#!/bin/sh\nexec {call} "$@"\n', encoding="utf-8")
        path.chmod(0o755)

    def line(self, text: str, *, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
        """Run a line as it stands on a page, in a shell; with `check` a failure raises with what was printed."""
        done = subprocess.run(
            [*self.prefix, "/bin/sh", "-c", text],
            cwd=self.project,
            env=self._environment(more),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"{text}\n{done.returncode}\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
        return done

    def run(self, *call: str, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
        """Run one client with arguments."""
        return self.line(shlex.join(call), check=check, **more)

    def read(self, *call: str, **more: str) -> Any:
        """Run one client and read the JSON that it prints."""
        return json.loads(self.line(shlex.join(call), check=True, **more).stdout)

    def session(self, *options: str, until: Callable[[], bool] | None = None, **more: str) -> dict[str, Any]:
        """The `init` event of a Claude Code session: what it has loaded.

        It is ended there, before it has an answer of a model, or as soon as `until` is true.
        """
        call = ["claude", *options, "-p", "hi", "--output-format", "stream-json", "--verbose"]
        asked = {"ANTHROPIC_API_KEY": "sk-dummy", "ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}
        said = []
        with self._start(shlex.join(call), asked | more) as process:
            clock = threading.Timer(SECONDS, os.killpg, (process.pid, signal.SIGKILL))
            clock.start()
            try:
                for line in process.stdout or ():
                    said.append(line)
                    event = json.loads(line)
                    if (event.get("type"), event.get("subtype")) == ("system", "init"):
                        found: dict[str, Any] = event
                        while until is not None and not until() and process.poll() is None:
                            time.sleep(0.1)
                        return found
            finally:
                clock.cancel()
                os.killpg(process.pid, signal.SIGKILL)
        raise AssertionError("".join(said)[-4000:])

    def _start(self, text: str, more: Mapping[str, str]) -> subprocess.Popen[str]:
        """A line in a shell, in a process group of its own."""
        return subprocess.Popen(
            [*self.prefix, "/bin/sh", "-c", text],
            cwd=self.project,
            env=self._environment(more),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        return {
            "PATH": f"{self.bin}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
            "HOME": str(self.home),
            "TMPDIR": str(self.root),
            "LANG": "C.UTF-8",
            "GIT_TERMINAL_PROMPT": "0",
            "GIT_CONFIG_NOSYSTEM": "1",
            **QUIET,
            **self.env,
            **more,
        }
