"""What PostgreSQL and Valkey have in common here: a folder, a recorded port, an orderly start and stop."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from house import processes, program, record
from house.console import Refused
from house.program import Guarded, Program

if TYPE_CHECKING:
    from types import TracebackType

START_SECONDS = 60.0
ATTEMPTS = 3
PAUSE = 0.03


class Service(ABC):
    """One server with its files below `data`; as a context manager it runs inside the block.

    `durable=False` is for tests: a crash of the machine may lose what it holds.
    """

    name = ""

    def __init__(self, data: Path, *, durable: bool = True) -> None:
        """Remember the wishes; nothing is touched yet."""
        self.data = Path(data).resolve()
        self.durable = durable
        self.note = self.data / f"{self.name}.json"
        self.run = self.data / "run"
        self._guarded: Guarded | None = None

    @property
    def port(self) -> int:
        """The port it was last given; 0 before the first start."""
        return int(self.recorded("port", 0))

    def recorded(self, key: str, default: Any = "") -> Any:
        """A value from the service's own record (port, passwords)."""
        return record.load(self.note).get(key, default)

    @abstractmethod
    def prepare(self) -> None:
        """Make its files when there are none, mend what an interrupted start left, choose a free port."""

    @abstractmethod
    def program(self) -> Program:
        """What to run; `prepare` must have been called."""

    @abstractmethod
    def is_ready(self) -> bool:
        """Whether it answers to our own password."""

    @abstractmethod
    def provision(self) -> None:
        """Fill it once after its first start; does nothing later."""

    def start(self) -> Guarded:
        """Prepare, start, wait until it answers, provision; raises Refused with the end of the log."""
        program.sweep(self.run, self.name)
        for _attempt in range(ATTEMPTS):
            self.prepare()
            self._guarded = Guarded(self.program())
            if self._answers(self._guarded):
                self.provision()
                return self._guarded
            self.stop()
            if processes.is_free(self.port):
                break
        raise Refused(f"{self.name} does not start. The last lines of its log:\n{self.program().tail()}")

    def _answers(self, guarded: Guarded) -> bool:
        deadline = time.monotonic() + START_SECONDS
        while guarded.poll() is None and time.monotonic() < deadline:
            if self.is_ready():
                return True
            time.sleep(PAUSE)
        return False

    def stop(self) -> None:
        """Stop it in an orderly way and wait for its end."""
        if self._guarded:
            self._guarded.stop()
            self._guarded = None

    def __enter__(self) -> Self:
        """Run it."""
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop it."""
        self.stop()
