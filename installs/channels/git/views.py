"""The git addresses: a publisher's, a collection, one package, a personal library (ARCHITECTURE, "Addresses")."""

from __future__ import annotations

from functools import partial, wraps
from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from installs.channels.delivery import delivery_of
from installs.channels.git import bridge
from installs.channels.refusals import help_page
from installs.services.collections import collection_state
from installs.services.downloads import downloads_record
from installs.services.git_publishers import publisher_state
from installs.services.git_recent import former, remember
from installs.services.git_repositories import repository_open
from installs.services.git_states import Served, package_state, personal_state
from marketplace.core.codes import fix
from marketplace.core.errors import LimitReached, MarketplaceError, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from installs.clients.gitstore import Repository

PUBLIC = {"Cache-Control": "no-cache, max-age=0, must-revalidate", "Expires": "Fri, 01 Jan 1980 00:00:00 GMT"}
PERSONAL = {"Cache-Control": "private, no-store", "Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex"}
REQUEST_TYPE = f"application/x-{bridge.SERVICE}-request"


def served(resolve: Callable[..., Served], headers: dict[str, str]) -> Callable[..., HttpResponseBase]:
    """A view of one kind of address: `resolve` says what it offers, `headers` stand on every answer."""

    @csrf_exempt
    @wraps(resolve)
    def view(request: HttpRequest, service: str, **names: str) -> HttpResponseBase:
        try:
            response = _answer(request, service, partial(resolve, **names))
        except MarketplaceError as error:
            response = _refusal(error)
        for name, value in headers.items():
            response[name] = value
        return response

    return view


def _answer(request: HttpRequest, service: str, resolve: Callable[[], Served]) -> HttpResponseBase:
    if service == "git-receive-pack" or request.GET.get("service") == "git-receive-pack":
        raise NotAllowed("MP5010")
    if service == "info/refs" and request.method == "GET" and request.GET.get("service") == bridge.SERVICE:
        return bridge.info_refs(request, partial(_open, resolve, request))
    if service == bridge.SERVICE and request.method == "POST" and request.content_type == REQUEST_TYPE:
        return bridge.upload_pack(request, partial(_open, resolve, request))
    raise NotAllowed("MP5011")


def _open(resolve: Callable[[], Served], request: HttpRequest, want: str | None) -> Repository:
    """The repository for this request; a request that wants objects is a download of every version in the state."""
    offered = resolve()
    repository = repository_open(offered, want, partial(former, offered))
    remember(offered)
    if want is not None:
        delivery = delivery_of(request, offered.channel)
        downloads_record(versions=offered.versions, viewer=offered.viewer, delivery=delivery)
    return repository


def _refusal(error: MarketplaceError) -> HttpResponse:
    """The page that helps, the sentence and what to do about it, as plain text, which git prints behind `remote:`.

    Never 401: git asks for a password then, shows nothing, and no password would help.
    """
    text = " ".join(filter(None, (help_page(error.params, error.status), str(error), fix(error.code, error.params))))
    headers = {"Retry-After": "5"} if isinstance(error, LimitReached) else error.headers
    status = {401: 403}.get(error.status, 503 if isinstance(error, LimitReached) else error.status)
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8", headers=headers)


publisher_repository = served(publisher_state, PUBLIC)
package_repository = served(package_state, PUBLIC)
collection_repository = served(collection_state, PUBLIC)
personal_repository = served(personal_state, PERSONAL)
