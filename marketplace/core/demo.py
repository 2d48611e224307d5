"""Parts of the demo data: each app names its own in `AppConfig.ready()`, and they are loaded from the ground up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDER = Path(__file__).resolve().parent.parent / "demo"


@dataclass(frozen=True, slots=True)
class Part:
    """What it loads, and the function that loads it; loading again changes nothing."""

    name: str
    load: Callable[[], int]


PARTS: list[Part] = []


def part(name: str, load: Callable[[], int]) -> None:
    """Add a part after those that stand; `load` returns how many things it made."""
    if all(known.name != name for known in PARTS):
        PARTS.append(Part(name, load))
