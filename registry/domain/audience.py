"""Who would be asked for an update."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Audience:
    """Libraries that would wait, the people who decide for them, and how many of their readers hold a token.

    `is_bounded`: there are more than were counted.
    """

    libraries: int = 0
    people: int = 0
    token_holders: int = 0
    is_bounded: bool = False


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question: which of the package's libraries agreed to none of the sets `holding`, all of which hold `digest`."""

    package_id: int
    digest: str
    holding: tuple[str, ...]
