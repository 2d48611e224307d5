"""Monitors and language servers: where a plugin says which ones its client starts."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any

from registry.domain.formats.jsons import DEEPEST, MOST, deeper

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content

DEFAULTS = {"monitors": "monitors/monitors.json", "lspServers": ".lsp.json"}


def processes(content: Content, raw: dict[str, Any], manifest_path: str, key: str) -> Iterator[tuple[str, Any, str]]:
    """Name, facts and file of each process of a kind (a key of DEFAULTS).

    They stand in the manifest, at its top or as experimental, in files that it names, and in the default file. A file
    that cannot be read starts nothing.
    """
    experimental = raw.get("experimental")
    told = [raw.get(key), experimental.get(key) if isinstance(experimental, dict) else None]
    named: dict[str, None] = {}
    for value in told:
        listed = value if isinstance(value, list) else [value]
        named |= dict.fromkeys(posixpath.normpath(item).lstrip("/") for item in listed if isinstance(item, str))
        yield from _items(value, manifest_path)
    for path in dict.fromkeys([*named, DEFAULTS[key]]):
        value = _read(content, path)
        inside = value.get(key) if isinstance(value, dict) else None
        yield from _items(value if inside is None else inside, path)


def _items(value: Any, path: str) -> Iterator[tuple[str, Any, str]]:
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in pairs:
        if isinstance(item, dict):
            yield str(item.get("name") or name), item, path


def _read(content: Content, path: str) -> Any:
    if path not in content or len(content[path].data) > MOST:
        return None
    try:
        value = json.loads(content[path].data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None
    return None if deeper(value, DEEPEST) else value
