"""Which files run without anybody being asked: those that an unasked command names, and what these name."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from registry.domain.capabilities.lines import TEXT_MOST, is_script

if TYPE_CHECKING:
    from collections.abc import Iterable

    from registry.domain.content import Content


def unasked_files(content: Content, commands: Iterable[str], always: Iterable[str]) -> set[str]:
    """Scripts that `commands` reach by name, directly or through each other, and the files in `always`."""
    scripts = [path for path, file in content.items() if is_script(path, file) and len(file.data) <= TEXT_MOST]
    text = "\n".join(commands)
    found = {path for path in scripts if _is_named(path, text)} | set(always)
    waiting = [path for path in found if path in content]
    while waiting:
        path = waiting.pop()
        text = content.text(path) if len(content[path].data) <= TEXT_MOST else ""
        more = [other for other in scripts if other not in found and _is_used(path, other, text)]
        found.update(more)
        waiting += more
    return found


def _is_named(path: str, text: str) -> bool:
    name = posixpath.basename(path)
    return len(name) > 3 and name in text  # noqa: PLR2004  (shorter names stand in any text)


def _is_used(path: str, other: str, text: str) -> bool:
    """By file name, or as the module of an import beside it."""
    if _is_named(other, text):
        return True
    stem = posixpath.basename(other).split(".")[0]
    beside = posixpath.dirname(path) == posixpath.dirname(other)
    return beside and any(form in text for form in (f"import {stem}", f"from {stem}", f"./{stem}", f"from .{stem}"))
