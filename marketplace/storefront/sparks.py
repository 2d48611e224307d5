"""Small lines of numbers, as paths of an SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDTH, HEIGHT, MARGIN = 88.0, 28.0, 3.0


def spark(numbers: Sequence[int]) -> str:
    """The path of a line over `numbers`, in a box of 88 by 28; empty without two of them."""
    if len(numbers) < 2:  # noqa: PLR2004  (a line has two ends)
        return ""
    most = max(*numbers, 1)
    step = WIDTH / (len(numbers) - 1)
    points = [
        f"{at * step:.1f} {HEIGHT - MARGIN - (HEIGHT - 2 * MARGIN) * number / most:.1f}"
        for at, number in enumerate(numbers)
    ]
    return "M" + " ".join(points)
