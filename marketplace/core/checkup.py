"""What `manage.py doctor` looks at: each app adds its checks, each check says what is wrong and what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator


class Level(StrEnum):
    """How bad it is; a problem makes the command fail."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the doctor; `fix` is empty when all is well."""

    level: Level
    part: str
    says: str
    fix: str = ""


CHECKS: dict[str, Callable[[], Iterable[Line]]] = {}


def check(part: str, look: Callable[[], Iterable[Line]]) -> None:
    """Have the doctor look at `part`."""
    CHECKS[part] = look


def lines() -> Iterator[Line]:
    """All lines; a check that fails itself is a problem of its part."""
    for part, look in CHECKS.items():
        try:
            yield from look()
        except Exception as error:  # noqa: BLE001  (whatever it is, the doctor goes on)
            said = f"{type(error).__name__}: {error}".splitlines()[0][:200]
            yield Line(Level.PROBLEM, part, said, "Mend what the error names, then run the doctor again.")
