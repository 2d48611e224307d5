"""Refusals in Stripe's form."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """An error answer: HTTP status and what stands in `error`."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        kind: str = "invalid_request_error",
        code: str = "",
        param: str = "",
        **more: Any,
    ) -> None:
        """Refuse with `message`."""
        super().__init__(message)
        self.status = status
        self.error = {"type": kind, "message": message, **more}
        if code:
            self.error["code"] = code
        if param:
            self.error["param"] = param


def missing(kind: str, key: str) -> Refusal:
    """There is no such object."""
    return Refusal(f"No such {kind}: '{key}'", status=404, code="resource_missing", param="id")


def needed(param: str) -> Refusal:
    """A parameter is not there."""
    return Refusal(f"Missing required param: {param}.", code="parameter_missing", param=param)


def declined(code: str, decline_code: str, **more: Any) -> Refusal:
    """The bank says no."""
    says = {
        "card_declined": "Your card was declined.",
        "authentication_required": "Your card was declined. This transaction requires authentication.",
    }
    return Refusal(says[code], status=402, kind="card_error", code=code, decline_code=decline_code, **more)
