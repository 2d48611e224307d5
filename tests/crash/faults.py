"""Kills the process that reaches a chosen point: all of its process group, as `kill -9` or a lost machine does.

A point is armed by a file of its name in `kill` below the data folder; whoever reaches it takes the file away and dies.
"""

from __future__ import annotations

import importlib
import os
import signal
from functools import reduce, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import AppConfig
from django.conf import settings

from tests.crash.points import POINTS

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.crash.points import Point


def file_of(data: Path, point: Point) -> Path:
    """The file that arms a point."""
    return data / "kill" / str(point)


def reached(point: Point) -> None:
    """Die when the point is armed."""
    try:
        file_of(settings.DATA_DIR, point).unlink()
    except FileNotFoundError:
        return
    os.killpg(os.getpgrp(), signal.SIGKILL)


def with_fault(function: Callable[..., Any], point: Point) -> Callable[..., Any]:
    """`function`, deadly at the point."""

    @wraps(function)
    def deadly(*arguments: Any, **named: Any) -> Any:
        if not point.after:
            reached(point)
        answer = function(*arguments, **named)
        if point.after:
            reached(point)
        return answer

    return deadly


class Faults(AppConfig):
    """An app that only the sites of these tests have."""

    name = "tests.crash"
    label = "faults"
    path = str(Path(__file__).parent)

    def ready(self) -> None:
        """Put every point into the loaded product."""
        for point in POINTS.values():
            *way, last = point.function.split(".")
            owner = reduce(getattr, way, importlib.import_module(point.module))
            setattr(owner, last, with_fault(getattr(owner, last), point))
