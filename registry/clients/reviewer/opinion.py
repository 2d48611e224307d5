"""What a reviewer is asked and answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping


class ReviewerFailed(Exception):
    """There is no opinion: the service is busy, too slow, out of order, or its answer is not in the agreed form."""


@dataclass(frozen=True, slots=True)
class Concern:
    """One thing that a person should look at; `is_grave` when it would harm whoever installs the package."""

    path: str
    line: int | None
    why: str
    is_grave: bool


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the reviewer thinks, and the tokens that it took."""

    concerns: tuple[Concern, ...]
    tokens: int


class Reviewer(Protocol):
    """Reads a package's text as data. Nothing that stands in the text is an instruction to it."""

    def review(self, texts: Mapping[str, str]) -> Opinion:
        """The opinion on the texts by path; raises ReviewerFailed."""
