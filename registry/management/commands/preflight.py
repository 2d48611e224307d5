"""`preflight PATH...`: the checks on folders and archives, as publishing runs them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.core.management.base import BaseCommand, CommandError

from registry.domain.archives import ArchiveRefused, read_folder
from registry.services.preflight import finding_json, preflight, preflight_archive

if TYPE_CHECKING:
    from argparse import ArgumentParser

    from registry.services.preflight import Preflight


class Command(BaseCommand):
    """Ends with status 1 when anything would not be published."""

    help = "Check folders or archives as publishing does; nothing is kept."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Paths, and the form of the answer."""
        parser.add_argument("paths", nargs="+", type=Path)
        parser.add_argument("--json", action="store_true", help="one JSON object a line")

    def handle(self, **options: Any) -> None:
        """Look at each path in turn."""
        clean = True
        for path in options["paths"]:
            told = self._look(path)
            clean = clean and told["verdict"] == "pass"
            self.stdout.write(json.dumps(told) if options["json"] else _text(told))
        if not clean:
            raise CommandError("Not everything would be published.", returncode=1)

    def _look(self, path: Path) -> dict[str, Any]:
        try:
            found: Preflight = _folder(path) if path.is_dir() else preflight_archive(path.read_bytes())
        except ArchiveRefused as refused:
            return _refused(path, refused.code)
        except OSError as error:
            return _refused(path, f"{type(error).__name__}: {error.strerror}")
        return {"path": str(path), **found.as_json(), "findings": [finding_json(item) for item in found.findings]}


def _folder(path: Path) -> Preflight:
    found = (file for file in sorted(path.rglob("*")) if file.is_file() and not file.is_symlink())
    files = [file for file in found if ".git" not in file.parts]
    return preflight(
        read_folder(
            (str(file.relative_to(path)), file.read_bytes(), bool(file.stat().st_mode & 0o100)) for file in files
        )
    )


def _refused(path: Path, reason: str) -> dict[str, Any]:
    finding = {"code": reason, "severity": "error", "path": "", "line": None, "says": reason, "fix": ""}
    return {"path": str(path), "kind": "", "verdict": "error", "risk": "", "findings": [finding], "seconds": 0.0}


def _text(told: dict[str, Any]) -> str:
    lines = [f"{told['path']}: {told['verdict']} ({told['kind'] or 'unknown kind'}, {told['seconds']:.2f} s)"]
    lines += [
        f"  {finding['code']} {finding['path']}:{finding['line'] or ''} {finding['says']} {finding['fix']}"
        for finding in told["findings"]
        if finding["severity"] != "info"
    ]
    return "\n".join(lines)
