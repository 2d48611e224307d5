"""Says who asks: `request.viewer`, and the same on the database connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core import tenancy

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse


class ViewerMiddleware:
    """Binds the session's viewer; entries that know tokens bind theirs through `marketplace.services.viewers`."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer with the viewer bound, and forget it afterwards."""
        tenancy.bind(tenancy.PUBLIC)
        request.viewer = tenancy.viewer_of(request.user)  # type: ignore[attr-defined]  # viewer_from reads it
        try:
            return self.get_response(request)
        finally:
            tenancy.bind(tenancy.PUBLIC)
