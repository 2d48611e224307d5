"""Results as a table on the terminal and as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from house.console import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


def show(rows: Sequence[Mapping[str, object]]) -> None:
    """Print the rows under the keys of the first one, each column as wide as it needs."""
    if not rows:
        return
    names = list(rows[0])
    cells = [names, *([_text(row.get(name, "")) for name in names] for row in rows)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(names))]
    for line in cells:
        say("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def save(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write the rows as JSON, to compare runs with."""
    path.write_text(json.dumps(list(rows), indent=1) + "\n", encoding="utf-8")


def _text(value: object) -> str:
    return f"{value:,.1f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)
