"""The copies that shared caches may hold of a package: where they are asked for, and in which forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from installs.domain.npm import ABBREVIATED_TYPE
from installs.domain.npm_names import npm_name

if TYPE_CHECKING:
    from collections.abc import Iterable

ACCEPTS = ("application/json", ABBREVIATED_TYPE)
ENCODINGS = ("", "gzip")


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy: the address and the headers that choose it; `key` is what caches group copies by (Surrogate-Key)."""

    url: str
    key: str
    accept: str = ""
    encoding: str = ""


def packument_copies(full_name: str, bases: Iterable[str]) -> list[Copy]:
    """Both forms in both encodings, below each base address of the registry."""
    name = npm_name(full_name)
    return [
        Copy(f"{base}/{name}", full_name, accept, encoding)
        for base in bases
        for accept in ACCEPTS
        for encoding in ENCODINGS
    ]


def catalogue_copies(url: str) -> list[Copy]:
    """The catalogue of the site in both encodings."""
    return [Copy(url, "catalogue", ACCEPTS[0], encoding) for encoding in ENCODINGS]
