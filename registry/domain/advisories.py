"""Ranges of versions that advisories warn of, in npm's notation: a list of numbers, or all up to the highest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.semver import SemVer

if TYPE_CHECKING:
    from collections.abc import Iterable

OR = " || "
MOST = 2000
"""Characters of the column."""


def range_with(wanted: str, number: str) -> str:
    """The range with one more version in it; a list that gets too long becomes all up to its highest."""
    numbers = _numbers(wanted)
    if wanted.startswith("<="):
        highest = wanted.removeprefix("<=")
        return f"<={_highest([highest, number])}"
    listed = OR.join(sorted({*numbers, number}, key=SemVer.parse))
    return listed if len(listed) <= MOST else f"<={_highest([*numbers, number])}"


def range_without(wanted: str, number: str) -> str:
    """The list without one version; empty when nothing is left. A range up to the highest stays as it is."""
    return wanted if wanted.startswith("<=") else OR.join(other for other in _numbers(wanted) if other != number)


def _numbers(wanted: str) -> list[str]:
    return [number for number in wanted.split(OR) if number]


def _highest(numbers: Iterable[str]) -> str:
    return max(numbers, key=SemVer.parse)
