"""Names of publishers and packages: what may be a name, and which names read alike."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from marketplace.domain.names import ACCOUNT as SKILL
from marketplace.domain.names import NameRefused, check_account_name, normalised

__all__ = [
    "FullName",
    "NameRefused",
    "check_package_name",
    "check_publisher_name",
    "is_skill_name",
    "normalised",
    "slugify",
]

PACKAGE = re.compile(r"[a-z0-9][a-z0-9._-]*", re.ASCII)
PACKAGE_MOST = 64
FULL = re.compile(r"@(?P<publisher>[^/@\s]+)/(?P<package>[^/@\s]+)")


@dataclass(frozen=True, slots=True)
class FullName:
    """`@publisher/package`."""

    publisher: str
    package: str

    @classmethod
    def parse(cls, text: str) -> FullName:
        """Read `@publisher/package`; raises NameRefused MP1503."""
        match = FULL.fullmatch(text)
        if match is None:
            raise NameRefused("MP1503", text)
        return cls(match["publisher"], match["package"])

    def __str__(self) -> str:
        return f"@{self.publisher}/{self.package}"


check_publisher_name = check_account_name


def check_package_name(name: str) -> None:
    """Raise NameRefused: MP1504 for the form, MP1502 for a reserved name."""
    if not PACKAGE.fullmatch(name) or len(name) > PACKAGE_MOST:
        raise NameRefused("MP1504", name)
    if name in {"node_modules", "favicon.ico", "inline", "builtin", "skills-dir", "synced"}:
        raise NameRefused("MP1502", name)


def is_skill_name(name: str) -> bool:
    """Whether agentskills.io allows it: 1 to 64 of a-z, 0-9 and single inner hyphens."""
    return SKILL.fullmatch(name) is not None and len(name) <= PACKAGE_MOST


def slugify(text: str) -> str:
    """A name made from any text; empty when nothing of it can be used."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:PACKAGE_MOST].rstrip("-")
