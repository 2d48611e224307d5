"""Names and file names as npm clients write them in addresses."""

from __future__ import annotations

import re

PATH = re.compile(r"/@(?P<publisher>[^/@]+)/(?P<name>[^/@]+)")
UNSCOPED = "_unscoped"
"""The publisher that stands for no scope, where an operator allows such names (TEST_TENANT)."""
BARE = re.compile(r"[A-Za-z0-9~'!()*-][A-Za-z0-9~'!()*._-]*", re.ASCII)
BARE_MOST = 214
UNSAFE = re.compile(r"[\x00-\x20\x7f]")


def full_name(publisher: str, name: str) -> str:
    """`@publisher/name`."""
    return f"@{publisher}/{name}"


def path_name(path: str) -> str | None:
    """The full name in a decoded path `/@publisher/name`; None for every other path."""
    match = PATH.fullmatch(path)
    return full_name(match["publisher"], match["name"]) if match and not UNSAFE.search(path) else None


def tarball_name(name: str, number: str) -> str:
    """The file name of a tarball: `name-1.0.0.tgz`."""
    return f"{name}-{number}.tgz"


def tarball_number(name: str, file: str) -> str | None:
    """The version in `file` when it is a tarball of package `name` (without scope); None otherwise."""
    if not file.startswith(f"{name}-") or not file.endswith(".tgz"):
        return None
    return file[len(name) + 1 : -len(".tgz")] or None


def npm_name(full_name: str) -> str:
    """The name as npm clients write it: names without a scope stand under a publisher of their own here."""
    return full_name.removeprefix(f"@{UNSCOPED}/")


def is_bare_name(text: str) -> bool:
    """Whether npm takes it as a name without scope: 214 characters at most, none to be escaped, no `.` or `_` first."""
    return BARE.fullmatch(text) is not None and len(text) <= BARE_MOST
