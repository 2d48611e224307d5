"""What an account's export holds: each app adds its part, so that the ground need not know the apps above it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Part = Callable[[int], Any]

PARTS: dict[str, Part] = {}


def export_part(name: str, part: Part) -> None:
    """Put what `part` says of a user (JSON-able, by primary key) under `name` into every export."""
    PARTS[name] = part


def export_of(user_id: int) -> dict[str, Any]:
    """All parts of one user."""
    return {name: part(user_id) for name, part in sorted(PARTS.items())}
