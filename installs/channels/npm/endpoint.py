"""One address of the npm protocol: a handler a method, refusals in npm's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.views.decorators.csrf import csrf_exempt

from installs.channels.npm.answers import NotServed, refusal
from installs.channels.npm.call import Call
from installs.channels.npm.identity import viewer_bound
from installs.domain.npm_names import full_name
from marketplace.core.errors import MarketplaceError, NotFound

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    Handler = Callable[[Call], HttpResponseBase]


def endpoint(**handlers: Handler) -> Callable[..., HttpResponseBase]:
    """A view over handlers by method name; HEAD goes to GET.

    Sessions do not count, so there is nothing that a forged form could use.
    """

    @csrf_exempt
    def view(request: HttpRequest, **parts: str) -> HttpResponseBase:
        name = full_name(parts["publisher"], parts["name"]) if "publisher" in parts else ""
        method = "GET" if request.method == "HEAD" else str(request.method)
        try:
            if method not in handlers:
                raise NotServed("MP9007", {"method": method})
            return handlers[method](Call(request, viewer_bound(request), parts))
        except MarketplaceError as error:
            response = refusal(error, name)
            if isinstance(error, NotServed):
                response["Allow"] = ", ".join(sorted(handlers))
            return response

    return view


@csrf_exempt
def nothing(_request: HttpRequest) -> HttpResponseBase:
    """Answer 404 in npm's form."""
    return refusal(NotFound("MP9001"), "")
