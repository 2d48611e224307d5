"""JSON files of strangers: read within bounds, with the line of each complaint."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from registry.domain.cleaning import clean
from registry.domain.findings import Finding

if TYPE_CHECKING:
    from registry.domain.content import Content

MOST = 2 * 1024 * 1024
DEEPEST = 50


class JsonRefused(ValueError):
    """The file is no usable JSON object; `finding` says where and why."""

    def __init__(self, finding: Finding) -> None:
        """Refuse with `finding`."""
        super().__init__(finding.code)
        self.finding = finding


def read_object(data: bytes, path: str) -> dict[str, Any]:
    """The JSON object in the file; raises JsonRefused MP2010 (syntax, depth, size) or MP2011 (not an object)."""
    if len(data) > MOST:
        raise JsonRefused(Finding("MP2010", "error", path, params={"path": path, "reason": "too large"}))
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        found = Finding("MP2010", "error", path, error.lineno, {"path": path, "reason": error.msg})
        raise JsonRefused(found) from error
    except (ValueError, RecursionError) as error:
        reason = "not UTF-8" if isinstance(error, UnicodeDecodeError) else "not a value of JSON"
        raise JsonRefused(Finding("MP2010", "error", path, params={"path": path, "reason": reason})) from error
    if not isinstance(value, dict):
        raise JsonRefused(Finding("MP2011", "error", path, 1, {"path": path}))
    if deeper(value, DEEPEST):
        raise JsonRefused(Finding("MP2010", "error", path, params={"path": path, "reason": "too deep"}))
    cleaned: dict[str, Any] = clean(value)
    return cleaned


def peek(content: Content, path: str) -> dict[str, Any]:
    """The JSON object at `path`; empty when there is none or it cannot be read (its reader says why)."""
    try:
        return read_object(content[path].data, path) if path in content else {}
    except JsonRefused:
        return {}


def line_of(data: bytes, key: str) -> int | None:
    """The first line on which `"key":` stands."""
    text = data.decode("utf-8", errors="replace")
    match = re.search(rf'"{re.escape(key)}"\s*:', text)
    return text.count("\n", 0, match.start()) + 1 if match else None


def text_of(value: Any, most: int = 2000) -> str:
    """A value as text when it is one, else empty."""
    return value.strip()[:most] if isinstance(value, str) else ""


def texts_of(value: Any) -> tuple[str, ...]:
    """The texts of a list; a single text counts as one."""
    items = value if isinstance(value, list) else [value]
    return tuple(item.strip() for item in items if isinstance(item, str) and item.strip())


def maps_of(value: Any) -> dict[str, dict[str, Any]]:
    """The maps of a map, by name."""
    return {str(key): item for key, item in value.items() if isinstance(item, dict)} if isinstance(value, dict) else {}


def _refuse_constant(name: str) -> Any:
    raise ValueError(name)


def deeper(value: Any, left: int) -> bool:
    """Whether lists and maps stand deeper in each other than `left`."""
    if left == 0:
        return True
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(deeper(item, left - 1) for item in inside)
