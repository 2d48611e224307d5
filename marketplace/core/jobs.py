"""Background jobs by stable name; enqueuing one is a row of the outbox (`marketplace.services.outbox`)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ParamSpec

if TYPE_CHECKING:
    from collections.abc import Callable

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Job:
    """A named function, the queue it runs in, how often it is tried and how long one try may hold it (seconds)."""

    name: str
    run: Callable[..., None]
    queue: str
    attempts: int
    lease_seconds: int


JOBS: dict[str, Job] = {}


def job(
    name: str, *, queue: str = "default", attempts: int = 8, lease_seconds: int = 60
) -> Callable[[Callable[P, None]], Callable[P, None]]:
    """Register the decorated function under `name`; it must be idempotent, since it runs at least once."""

    def register(function: Callable[P, None]) -> Callable[P, None]:
        JOBS[name] = Job(name, function, queue, attempts, lease_seconds)
        return function

    return register


def run(name: str, arguments: dict[str, Any]) -> None:
    """Run the job `name` now; raises KeyError for an unknown one."""
    JOBS[name].run(**arguments)
