"""One address of the npm protocol: a handler a method, refusals in npm's form."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.views.decorators.csrf import csrf_exempt

from installs.channels.npm.answers import BadRequest, NotServed, refusal
from installs.channels.npm.call import Call
from installs.channels.npm.confirming import ConfirmationNeeded
from installs.channels.npm.identity import viewer_bound
from installs.channels.npm.limits import WRITES, spend
from installs.domain.npm_names import UNSCOPED, full_name, is_bare_name
from marketplace.core.errors import MarketplaceError, NotAllowed, NotFound
from marketplace.domain.viewer import ANONYMOUS
from marketplace.services.viewers import bind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from marketplace.core.rates import Rate
    from marketplace.domain.viewer import Viewer

    Handler = Callable[[Call], HttpResponseBase]


def endpoint(**handlers: Handler) -> Callable[..., HttpResponseBase]:
    """A view over handlers by method name, for whom the token names; HEAD goes to GET; writes are counted.

    Sessions do not count, so there is nothing that a forged form could use.
    """
    return _view(handlers, viewer_bound, dict.fromkeys(handlers.keys() - {"GET"}, WRITES))


def asking_endpoint(**handlers: Handler) -> Callable[..., HttpResponseBase]:
    """The same for handlers that change nothing, whatever the method; npm asks them with each install."""
    return _view(handlers, viewer_bound, {})


def nobodys_endpoint(rates: Mapping[str, Rate], **handlers: Handler) -> Callable[..., HttpResponseBase]:
    """The same, and everybody is nobody, whatever they send: handlers read names and passwords themselves."""
    return _view(handlers, lambda _request: bind(ANONYMOUS), rates)


def _view(
    handlers: Mapping[str, Handler], viewer_of: Callable[[HttpRequest], Viewer], rates: Mapping[str, Rate]
) -> Callable[..., HttpResponseBase]:
    @csrf_exempt
    def view(request: HttpRequest, **parts: str) -> HttpResponseBase:
        name = full_name(parts["publisher"], parts["name"]) if "publisher" in parts else ""
        method = "GET" if request.method == "HEAD" else str(request.method)
        try:
            if method not in handlers:
                raise NotServed("MP9007", {"method": method})
            viewer = viewer_of(request)
            if method in rates:
                spend(rates[method], request, viewer)
            return handlers[method](Call(request, viewer, _scoped(parts, method)))
        except ConfirmationNeeded as needed:
            return needed.response()
        except MarketplaceError as error:
            response = refusal(error, name)
            if isinstance(error, NotServed):
                response["Allow"] = ", ".join(sorted(handlers))
            return response

    return view


def _scoped(parts: dict[str, str], method: str) -> dict[str, str]:
    """The parts of the address; a name without scope is one of a test suite's, or of another registry.

    Raises BadRequest MP5024, NotFound MP3002, NotAllowed MP5021.
    """
    bare = parts.get("bare")
    if bare is None:
        return parts
    if not is_bare_name(bare):
        raise BadRequest("MP5024", {"name": bare[:64]})
    if not settings.TEST_TENANT:
        refused = {"name": bare[:64]}
        raise NotAllowed("MP5021", refused) if method == "PUT" else NotFound("MP3002", refused)
    return {**parts, "publisher": UNSCOPED, "name": bare}


@csrf_exempt
def nothing(_request: HttpRequest) -> HttpResponseBase:
    """Answer 404 in npm's form."""
    return refusal(NotFound("MP9001"), "")


@csrf_exempt
def misnamed(_request: HttpRequest, odd: str) -> HttpResponseBase:
    """Answer 400 to a scope without a name."""
    return refusal(BadRequest("MP5024", {"name": odd[:64]}), "")
