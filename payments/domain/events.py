"""What happens in payments; keys are public ids or primary keys, values JSON-able."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.events import Event


@dataclass(frozen=True, slots=True)
class PriceChanged(Event):
    """A package got a price or lost one."""

    package_id: int


@dataclass(frozen=True, slots=True)
class LicenceChanged(Event):
    """A licence came to be or changed its state; `before` is empty for a new one."""

    licence_id: int
    package_id: int
    before: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class PurchaseVerified(Event):
    """A user holds, or no longer holds, a paid use of the package: reviews may say “verified purchase”."""

    user_id: int
    package_id: int
    is_verified: bool
