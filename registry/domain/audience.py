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
