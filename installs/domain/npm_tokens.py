"""What npm asks for when it makes a token, in the two forms that its versions send."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from installs.domain.client_requests import TOKEN_DAYS

NAME_MOST = 80


@dataclass(frozen=True, slots=True)
class TokenWish:
    """A token to make: its name, what it may do, for which packages (None: all), for how many days (0: as usual)."""

    name: str
    scope: str
    packages: tuple[str, ...] | None
    days: int


def days_of(wish: TokenWish) -> int:
    """How long the token lasts."""
    return wish.days or TOKEN_DAYS[wish.scope]


def wish_of(body: dict[str, Any]) -> TokenWish:
    """Read npm 10's `{readonly}` or npm 11's `{name, packages, packages_and_scopes_permission, expires}`.

    Raises ValueError for anything else.
    """
    permission = body.get("packages_and_scopes_permission")
    reads = body.get("readonly") is True or permission == "read-only"
    packages = body.get("packages") or []
    if not isinstance(packages, list) or not all(isinstance(name, str) for name in packages):
        raise ValueError("packages")
    days = body.get("expires") or 0
    if not isinstance(days, int) or isinstance(days, bool) or days < 0:
        raise ValueError("expires")
    name = str(body.get("name") or "npm token")[:NAME_MOST]
    return TokenWish(name, "read" if reads else "publish", tuple(packages) or None, days)
