"""Small JSON files that outlive the launcher, readable by their owner only, never half written."""

from __future__ import annotations

import json
import os
import secrets
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

SECRET_BYTES = 32


def load(path: Path) -> dict[str, Any]:
    """The stored mapping; empty when the file is missing or was damaged."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write(path: Path, content: str) -> None:
    """Replace a file's content in one move; mode 0600."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    fresh.replace(path)


def save(path: Path, value: dict[str, Any]) -> None:
    """Store a mapping so that a crash leaves the old or the new one."""
    write(path, json.dumps(value, indent=1, sort_keys=True) + "\n")


def update(path: Path, **changes: Any) -> dict[str, Any]:
    """Merge `changes` into the stored mapping and return it."""
    value = load(path) | changes
    save(path, value)
    return value


def secret() -> str:
    """A new random secret that needs no quoting in addresses and configuration files."""
    return secrets.token_urlsafe(SECRET_BYTES)
