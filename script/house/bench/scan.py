"""How the safety checks do on labelled folders: precision, recall, seconds for each package.

`script/bench scan DIR... [--json FILE]`: each DIR holds `malicious/` and `benign/` (or one of them) with a folder or an
archive for each package; folders in between are classes. A package is flagged when its verdict is not `pass`.
"""

from __future__ import annotations

import argparse
import io
import sys
import time
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from house.bench import table
from house.console import say
from house.virtualenv import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LABELS = ("malicious", "benign")
SECONDS = 60
MEMORY = 2 * 1024**3


def main(argv: Sequence[str]) -> int:
    """Scan everything, print a row for each class, the confusion table and the times."""
    parser = argparse.ArgumentParser(prog="script/bench scan")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args(argv)
    sys.path.insert(0, str(ROOT))
    counts: dict[tuple[str, str], list[bool]] = defaultdict(list)
    seconds: list[float] = []
    for folder in options.folders:
        for label, group, path in packages(folder):
            began = time.monotonic()
            counts[label, group].append(is_flagged(path))
            seconds.append(time.monotonic() - began)
    rows = [_row(label, group, flags) for (label, group), flags in sorted(counts.items())]
    table.show(rows)
    _summary(counts, seconds)
    if options.json:
        table.save(options.json, rows)
    return 0


def packages(folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Label, class and place of each package below the folder."""
    for label in LABELS:
        for path in sorted((folder / label).iterdir()) if (folder / label).is_dir() else ():
            inner = [child for child in path.iterdir() if child.is_dir()] if path.is_dir() else []
            is_class = bool(inner) and not any(child.is_file() for child in path.iterdir())
            for package in sorted(inner) if is_class else [path]:
                yield label, f"{folder.name}/{path.name}" if is_class else folder.name, package


def is_flagged(path: Path) -> bool:
    """Whether the checks hold the package, or cannot finish."""
    from registry.clients.scanner import ScanFailed, scan  # noqa: PLC0415  (the environment is entered first)
    from registry.domain.archives import ArchiveRefused  # noqa: PLC0415  (likewise)
    from registry.domain.scanning import CHECKS  # noqa: PLC0415  (likewise)
    from registry.domain.scanning.model import HOLDS  # noqa: PLC0415  (likewise)

    names = [check.name for check in CHECKS if check.enabled]
    try:
        report = scan(_archive(path), {"checks": names, "seconds": SECONDS, "memory": MEMORY})
    except (ScanFailed, ArchiveRefused):
        return True
    checks = report["checks"].values()
    return any(check["error"] or any(hit["weight"] >= HOLDS for hit in check["hits"]) for check in checks)


def _archive(path: Path) -> bytes:
    from registry.domain.archives import read_archive, read_folder  # noqa: PLC0415  (likewise)
    from registry.domain.packing import pack_zip  # noqa: PLC0415  (likewise)

    if path.is_file() and path.suffix in {".zip", ".tgz", ".gz", ".tar"}:
        return pack_zip(read_archive(io.BytesIO(path.read_bytes())))
    files = [path] if path.is_file() else sorted(file for file in path.rglob("*") if file.is_file())
    root = path.parent if path.is_file() else path
    return pack_zip(read_folder((str(file.relative_to(root)), file.read_bytes(), False) for file in files))


def _row(label: str, group: str, flags: list[bool]) -> dict[str, Any]:
    share = round(sum(flags) / len(flags), 3)
    return {"label": label, "class": group, "packages": len(flags), "flagged": sum(flags), "share": str(share)}


def _summary(counts: dict[tuple[str, str], list[bool]], seconds: list[float]) -> None:
    bad = [flag for (label, _), flags in counts.items() if label == "malicious" for flag in flags]
    good = [flag for (label, _), flags in counts.items() if label == "benign" for flag in flags]
    hits, alarms = sum(bad), sum(good)
    say("\n              flagged   passed")
    say(f"malicious  {hits:>10} {len(bad) - hits:>8}")
    say(f"benign     {alarms:>10} {len(good) - alarms:>8}")
    if bad:
        say(f"recall {hits / len(bad):.3f}")
    if hits + alarms:
        say(f"precision {hits / (hits + alarms):.3f}")
    if good:
        say(f"benign flagged {alarms / len(good):.3f}")
    if seconds:
        ordered = sorted(seconds)
        say(f"seconds: median {ordered[len(ordered) // 2]:.3f}, p95 {ordered[int(len(ordered) * 0.95)]:.3f}")
