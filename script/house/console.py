"""What the person at the terminal sees: steps with elapsed seconds, and refusals in one sentence."""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

STARTED = "HOUSE_STARTED"
REPEAT_SECONDS = 10.0
WIDTH = 100
CLEAR = "\r\033[K"


class Refused(Exception):
    """The launcher cannot go on; the message is the whole sentence to show."""


class Stopped(BaseException):
    """Somebody asked for an orderly stop (Ctrl-C, SIGTERM) while a step was running."""


def elapsed() -> float:
    """Seconds since the person pressed Enter, also across the hand-over to the virtual environment."""
    return time.time() - float(os.environ.setdefault(STARTED, repr(time.time())))


def say(text: str = "", *, end: str = "\n") -> None:
    """Print `text` at once; a closed terminal is no reason to fail."""
    with suppress(OSError, ValueError):
        print(text, end=end, flush=True)


class Step:
    """One line of progress; `detail` shows movement inside a long step."""

    def __init__(self, title: str) -> None:
        """Remember the title and show it when the output is a terminal."""
        self.title, self.began, self._shown = title, time.monotonic(), time.monotonic()
        self._live = sys.stdout.isatty()
        if self._live:
            say(f"{self._prefix()} {title} ...", end="")

    def _prefix(self) -> str:
        return f"[{elapsed():6.1f} s]"

    def detail(self, text: str) -> None:
        """Show what the step does now: in place on a terminal, else a line every ten seconds."""
        if self._live:
            say(f"{CLEAR}{self._prefix()} {self.title}: {text}"[:WIDTH], end="")
        elif time.monotonic() - self._shown > REPEAT_SECONDS:
            self._shown = time.monotonic()
            say(f"{self._prefix()} {self.title}: {text}")

    def _close(self, result: str) -> None:
        say(f"{CLEAR if self._live else ''}{self._prefix()} {self.title}: {result}")

    def done(self, result: str = "done") -> None:
        """Close the line with the step's own seconds."""
        self._close(f"{result} ({time.monotonic() - self.began:.1f} s)")

    def failed(self) -> None:
        """Close the line of a step that did not end well."""
        self._close("not finished")


@contextmanager
def step(title: str) -> Iterator[Step]:
    """Show a step around a block: `done` at its end, `not finished` when it raises."""
    current = Step(title)
    try:
        yield current
    except BaseException:
        current.failed()
        raise
    current.done()


def guarded_main(main: Callable[[Sequence[str]], int], argv: Sequence[str]) -> int:
    """Run a program's `main`; a refusal becomes its sentence and exit status 1, an orderly stop status 130."""
    elapsed()
    try:
        return main(argv)
    except Refused as refusal:
        with suppress(OSError):
            print(f"\n{refusal}", file=sys.stderr, flush=True)
        return 1
    except PermissionError as error:
        print(f"\nNot allowed to use {error.filename}: start as the user who owns this folder.", file=sys.stderr)
        return 1
    except (Stopped, KeyboardInterrupt):
        say("Stopped.")
        return 130
