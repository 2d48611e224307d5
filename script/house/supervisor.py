"""Keeps programs running: starts them again with growing pauses after a crash, stops them in order."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NoReturn

from house.console import Stopped, say
from house.program import Guarded, Program, trim

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
STEADY_SECONDS = 60.0
TICK = 0.2


@dataclass(slots=True)
class Watched:
    """A program under supervision."""

    program: Program
    guarded: Guarded | None
    began: float = field(default_factory=time.monotonic)
    crashes: int = 0
    due: float = 0.0

    def tick(self) -> None:
        """Notice a crash; start again when the pause is over."""
        now = time.monotonic()
        if self.guarded is None:
            if now >= self.due:
                self.guarded, self.began = Guarded(self.program), now
            return
        status = self.guarded.poll()
        if status is None:
            trim(self.program.log)
            return
        self.crashes = 1 if now - self.began > STEADY_SECONDS else self.crashes + 1
        pause = min(FIRST_PAUSE * 2 ** (self.crashes - 1), LONGEST_PAUSE)
        self.guarded.close()
        self.guarded, self.due = None, now + pause
        name, log = self.program.name, self.program.log
        say(f"{name} ended with status {status}; starting it again in {pause:g} s. Its log: {log}")


class Supervisor:
    """The running programs of one installation, in the order in which they were started."""

    def __init__(self) -> None:
        """Begin with none."""
        self.watched: dict[str, Watched] = {}

    def adopt(self, guarded: Guarded) -> None:
        """Watch a program that runs already."""
        self.watched[guarded.program.name] = Watched(guarded.program, guarded)

    def start(self, program: Program) -> None:
        """Start a program and watch it."""
        self.adopt(Guarded(program))

    def tick(self) -> None:
        """Look at every program once."""
        for watched in self.watched.values():
            watched.tick()

    def watch(self) -> NoReturn:
        """Look at the programs until somebody asks for a stop (raised as Stopped by the signal handler)."""
        while True:
            self.tick()
            time.sleep(TICK)

    def shutdown(self, order: Sequence[Sequence[str]]) -> None:
        """Stop the programs tier by tier, each tier at once; a second request for a stop kills what is left."""
        try:
            for tier in order:
                self._stop(tier)
        except (Stopped, KeyboardInterrupt):
            for guarded in self._running([name for tier in order for name in tier]):
                guarded.kill()

    def _running(self, names: Sequence[str]) -> list[Guarded]:
        found = [self.watched[name].guarded for name in names if name in self.watched]
        return [guarded for guarded in found if guarded is not None]

    def _stop(self, names: Sequence[str]) -> None:
        running = self._running(names)
        for guarded in running:
            guarded.close()
        for guarded in running:
            try:
                guarded.wait(guarded.program.grace + 5)
            except subprocess.TimeoutExpired:
                guarded.kill()
