"""Refusals that authentication raises; apart from the handler, which DRF's views import."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.exceptions import AuthenticationFailed

if TYPE_CHECKING:
    from marketplace.core.errors import MarketplaceError


class TokenRefused(AuthenticationFailed):
    """The token is of no use; carries the code that says why."""

    def __init__(self, error: MarketplaceError) -> None:
        """Refuse for the reason of `error`."""
        super().__init__(str(error))
        self.error = error
