"""Semantic Versioning 2.0.0 (semver.org): parse, order, and an order that a database keeps under collation C."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import semantic_version

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST = 128
NUMBER = r"0|[1-9]\d*"
IDENTIFIER = r"(?:0|[1-9]\d*|\d*[A-Za-z-][0-9A-Za-z-]*)"
SEMVER = re.compile(
    rf"(?P<major>{NUMBER})\.(?P<minor>{NUMBER})\.(?P<patch>{NUMBER})"
    rf"(?:-(?P<pre>{IDENTIFIER}(?:\.{IDENTIFIER})*))?(?:\+(?P<build>[0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?",
    re.ASCII,
)
LOOSE = re.compile(
    r"\s*[vV=]?\s*(\d{1,9})(?:\.(\d{1,9}))?(?:\.(\d{1,9}))?(?:-([0-9A-Za-z.-]+))?(?:\+\S*)?\s*", re.ASCII
)


class VersionInvalid(ValueError):
    """The text is no semantic version; `code` says so in the table of codes."""

    def __init__(self, text: str) -> None:
        """Refuse `text`."""
        super().__init__(text[:MOST])
        self.code = "MP1601"
        self.params = {"version": text[:MOST]}


@dataclass(frozen=True, slots=True)
class SemVer:
    """One version; build metadata is kept for display and has no part in the order."""

    major: int
    minor: int
    patch: int
    pre: tuple[str, ...] = ()
    build: str = ""

    @classmethod
    def parse(cls, text: str) -> SemVer:
        """Read a strict semantic version of at most 128 characters; raises VersionInvalid."""
        match = SEMVER.fullmatch(text) if len(text) <= MOST else None
        if match is None:
            raise VersionInvalid(text)
        pre = tuple(match["pre"].split(".")) if match["pre"] else ()
        return cls(int(match["major"]), int(match["minor"]), int(match["patch"]), pre, match["build"] or "")

    def __str__(self) -> str:
        text = f"{self.major}.{self.minor}.{self.patch}"
        text += f"-{'.'.join(self.pre)}" if self.pre else ""
        return text + (f"+{self.build}" if self.build else "")

    def __lt__(self, other: SemVer) -> bool:
        return self.sortable < other.sortable

    @property
    def is_prerelease(self) -> bool:
        """Whether it comes before the release of the same numbers."""
        return bool(self.pre)

    def next_patch(self) -> SemVer:
        """The release after this one: a prerelease's own numbers, else the next patch."""
        return SemVer(self.major, self.minor, self.patch if self.pre else self.patch + 1)

    @property
    def sortable(self) -> str:
        """A text whose byte order is the precedence of semver §11; equal for versions that differ in build only."""
        numbers = "".join(_number(part) for part in (self.major, self.minor, self.patch))
        return numbers + ("!" + "".join(_identifier(part) for part in self.pre) if self.pre else "~")


def _number(value: int) -> str:
    digits = str(value)
    return f"{chr(ord('A') + len(digits) // 26)}{chr(ord('a') + len(digits) % 26)}{digits}"


def _identifier(text: str) -> str:
    """A numeric identifier before any other; a longer list after its beginning (`!` ends it before more of it)."""
    return f'"0{_number(int(text))}' if text.isdigit() else f'"1{text}!'


def coerce(text: str) -> SemVer | None:
    """The version that somebody meant by `v1`, `1.2` or `01.2.3`; None when no number can be read."""
    match = LOOSE.fullmatch(text) if len(text) <= MOST else None
    if match is None:
        return None
    numbers = ".".join(str(int(part or 0)) for part in match.groups()[:3])
    try:
        return SemVer.parse(f"{numbers}-{match[4]}" if match[4] else numbers)
    except VersionInvalid:
        return None


def max_satisfying(versions: Iterable[str], wanted: str) -> str | None:
    """The newest version that an npm range allows; None when none does or the range cannot be read."""
    try:
        spec = semantic_version.NpmSpec(wanted)
    except ValueError:
        return None
    fitting = [version for version in versions if semantic_version.Version(version) in spec]
    return max(fitting, key=lambda version: SemVer.parse(version).sortable, default=None)
