"""Who is told of a search that a program made; apps above the searching one name themselves in `AppConfig.ready()`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, slots=True)
class Searched:
    """Words that were looked for, how much was found, by which viewer, from which address, with which program."""

    query: str
    found: int
    viewer: Any
    address: str
    program: str


LISTENERS: list[Callable[[Searched], None]] = []


def on_search(listener: Callable[[Searched], None]) -> None:
    """Have `listener` told; it must neither fail nor take long."""
    if listener not in LISTENERS:
        LISTENERS.append(listener)


def searched(search: Searched) -> None:
    """Somebody's program looked for something and was given the first page."""
    for listener in LISTENERS:
        listener(search)
