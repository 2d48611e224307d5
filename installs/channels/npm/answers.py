"""npm's forms of answers: JSON, and refusals that say in `error` what happened and where help is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse

from marketplace.core.codes import fix
from marketplace.core.errors import MarketplaceError

if TYPE_CHECKING:
    from collections.abc import Mapping


class AuthenticationNeeded(MarketplaceError):
    """Nobody is signed in, or the token is of no use."""

    status = 401


class BadRequest(MarketplaceError):
    """The request cannot be read."""

    status = 400


class NotServed(MarketplaceError):
    """The address does not take this method."""

    status = 405


def answer(body: Mapping[str, Any] | list[str], *, status: int = 200, notice: str = "") -> HttpResponse:
    """JSON that no cache keeps; npm prints `notice` (ASCII) beside what it does."""
    response = HttpResponse(json.dumps(body), status=status, content_type="application/json")
    response["Cache-Control"] = "private, no-store"
    if notice:
        response["npm-notice"] = notice
    return response


def refusal(error: MarketplaceError, name: str) -> HttpResponse:
    """The refusal: npm clients show `error`, so it begins with the address of the page that helps.

    401 comes without WWW-Authenticate: with it npm hides the sentence (npm-protocol, 2FA).
    """
    page = page_of(name, error)
    text = " ".join(filter(None, (page, str(error), fix(error.code, error.params))))
    notice = "" if error.status in {404, 405} else f"See {page}"
    response = answer({"error": text, "code": error.code}, status=error.status, notice=notice)
    for header, value in error.headers.items():
        response[header] = value
    return response


def page_of(name: str, error: MarketplaceError | None = None) -> str:
    """The page about package `name`; without one, or when it is not known, the site's first page."""
    if not name or (error is not None and error.status == 404):  # noqa: PLR2004  (HTTP)
        return f"{settings.BASE_URL}/"
    return f"{settings.BASE_URL}/{name}"


def status_page(name: str) -> str:
    """Where the publisher sees how far a new version is."""
    return f"{settings.BASE_URL}/{name}/versions"
