#!/usr/bin/env python3
"""Files with the most uncovered lines of an lcov report: worst.py coverage.lcov [how many]."""

import sys
from pathlib import Path


def uncovered(report: str) -> dict[str, int]:
    """Count lines that never ran, by file."""
    missed: dict[str, int] = {}
    name = ""
    for line in report.splitlines():
        if line.startswith("SF:"):
            name = line[3:]
        elif line.startswith("DA:") and line.rsplit(",", 1)[1] == "0":
            missed[name] = missed.get(name, 0) + 1
    return missed


if __name__ == "__main__":
    most = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    found = uncovered(Path(sys.argv[1]).read_text(encoding="utf-8"))
    for name, count in sorted(found.items(), key=lambda item: -item[1])[:most]:
        print(f"{count:6}  {name}")
