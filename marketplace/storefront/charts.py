"""Lines of numbers by day as shapes of an SVG: nothing in it needs a style or a script."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.formats import date_format

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

LEFT, RIGHT, TOP, BOTTOM = 44.0, 746.0, 26.0, 254.0
LABELS = 6
RELEASES_MOST = 8
APART = 46.0


@dataclass(frozen=True, slots=True)
class Label:
    """A text at a place on an axis."""

    at: float
    text: str

    @property
    def anchor(self) -> str:
        """Which end of the text stands there, so that none is cut off."""
        return "start" if self.at < LEFT + APART / 2 else "end" if self.at > RIGHT - APART / 2 else "middle"


@dataclass(frozen=True, slots=True)
class Chart:
    """Two lines over the same axes, marks of releases, and where the newest day stands."""

    line: str
    before: str
    end: tuple[float, float]
    heights: list[Label]
    days: list[Label]
    releases: list[Label]


def chart(days: Sequence[date], now: Sequence[int], before: Sequence[int], releases: Mapping[date, str]) -> Chart:
    """`now` over `days` (two at least), `before` over as many days earlier; releases by day, the version's number."""
    top = _ceiling(max(*now, *before, 1))
    width = (RIGHT - LEFT) / (len(days) - 1)
    every = max(1, round(len(days) / LABELS))
    marks: list[Label] = []
    for at, day in enumerate(days):
        place = round(LEFT + at * width, 1)
        if day in releases and (not marks or place - marks[-1].at >= APART):
            marks.append(Label(place, releases[day]))
    return Chart(
        line=_path(now, top, width),
        before=_path(before, top, width) if any(before) else "",
        end=(RIGHT, _height(now[-1], top)),
        heights=[Label(_height(top * part // 4, top), f"{top * part // 4:,}") for part in range(5)],
        days=[
            Label(round(LEFT + at * width, 1), date_format(days[at], "j M")) for at in range(0, len(days) - 1, every)
        ],
        releases=marks[-RELEASES_MOST:],
    )


def days_until(last: date, count: int) -> list[date]:
    """`count` days, the last one last."""
    return [last - timedelta(days=back) for back in range(count - 1, -1, -1)]


def _ceiling(most: int) -> int:
    """The first round number above, in four equal whole steps."""
    size = 1
    while True:
        for step in (4, 8, 12, 20, 40):
            if step * size >= most:
                return step * size
        size *= 10


def _height(value: float, top: int) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value / top, 1)


def _path(values: Sequence[int], top: int, width: float) -> str:
    points = [f"{LEFT + at * width:.1f} {_height(value, top)}" for at, value in enumerate(values)]
    return "M" + " ".join(points)
