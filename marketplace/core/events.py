"""Typed events: what happened, who projects it at once and who is told later.

A *projection* runs inside the writer's transaction; a *listener* is the name of a job that gets the event as JSON
after the commit, at least once. Upper apps subscribe in `AppConfig.ready()`.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Event:
    """Base of all events; fields are JSON-able values."""

    def payload(self) -> dict[str, Any]:
        """The fields as a JSON-able mapping."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Listener:
    """A job that is told of an event; `key` names the field that debounces a burst of them."""

    job: str
    key: str = ""
    delay_seconds: float = 0


E = TypeVar("E", bound="Event")

PROJECTIONS: dict[type[Event], list[Callable[[Any], None]]] = defaultdict(list)
LISTENERS: dict[type[Event], list[Listener]] = defaultdict(list)


def project(event: type[E], projection: Callable[[E], None]) -> None:
    """Run `projection` in the transaction of whoever emits `event`."""
    if projection not in PROJECTIONS[event]:
        PROJECTIONS[event].append(projection)


def listen(event: type[Event], job: str, *, key: str = "", delay_seconds: float = 0) -> None:
    """Tell the job named `job` about each `event` after its commit."""
    listener = Listener(job, key, delay_seconds)
    if listener not in LISTENERS[event]:
        LISTENERS[event].append(listener)
