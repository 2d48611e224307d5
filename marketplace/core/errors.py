"""The small family of errors that services raise and one handler turns into an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marketplace.core.codes import CODES, fix, sentence

if TYPE_CHECKING:
    from collections.abc import Mapping


WAITS = frozenset({429, 503})
"""Statuses of refusals that pass; `seconds` among their params says when."""


class MarketplaceError(Exception):
    """A refusal with a stable code; `params` fill the code's sentence."""

    status = 400

    def __init__(self, code: str, params: Mapping[str, Any] | None = None) -> None:
        """Refuse with `code`, which must stand in the table of codes."""
        if code not in CODES:
            raise KeyError(code)
        self.code = code
        self.params = dict(params or {})
        super().__init__(code)

    def __str__(self) -> str:
        return sentence(self.code, self.params)

    @property
    def headers(self) -> dict[str, str]:
        """What the answer says besides: when to try again, where the refusal knows."""
        is_known = self.status in WAITS and "seconds" in self.params
        return {"Retry-After": str(self.params["seconds"])} if is_known else {}

    @property
    def in_full(self) -> str:
        """What is wrong, what mends it and the code, as pages and command lines show it."""
        return f"{self} {fix(self.code, self.params)} ({self.code})"


class Invalid(MarketplaceError):
    """The input cannot be used; the sentence says how to mend it."""

    status = 422


class NotAllowed(MarketplaceError):
    """The viewer sees the thing but may not do this with it."""

    status = 403


class NotFound(MarketplaceError):
    """There is no such thing, or the viewer may not know of it."""

    status = 404


class Conflict(MarketplaceError):
    """The state of the thing forbids this now."""

    status = 409


class Stale(MarketplaceError):
    """The thing has changed since the caller read it."""

    status = 412


class TooLarge(MarketplaceError):
    """The input is over a limit."""

    status = 413


class LimitReached(MarketplaceError):
    """Too many in too short a time, or a quota is used up."""

    status = 429


class Busy(MarketplaceError):
    """Others are being served; trying again later helps."""

    status = 503


class TooSlow(MarketplaceError):
    """The request came in too slowly."""

    status = 408


class Unavailable(MarketplaceError):
    """Another service that this needs does not answer; trying again later helps."""

    status = 503
