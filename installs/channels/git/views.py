"""The git addresses: publisher, package and personal repositories (ARCHITECTURE, "Addresses")."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

from installs.channels.delivery import delivery_of
from installs.channels.git.bridge import advertise, body_of, protocol_of, release_connections, upload_pack
from installs.clients.gitdisk import git_store
from installs.services.downloads import download_record
from installs.services.git_states import (
    Served,
    former_digests,
    package_state,
    personal_state,
    publisher_state,
    remember,
    served_versions,
)
from installs.services.grants import download_grant
from marketplace.core.errors import MarketplaceError, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from django.http import HttpRequest

WANT = re.compile(rb"want ([0-9a-f]{40})")
FETCH = re.compile(rb"command=fetch|want [0-9a-f]{40}")
ADVERTISEMENT = "application/x-git-upload-pack-advertisement"
RESULT = "application/x-git-upload-pack-result"


def served(resolve: Callable[..., Served]) -> Callable[..., HttpResponseBase]:
    """A view of one kind of address: `resolve` says what it serves."""

    @csrf_exempt
    @functools.wraps(resolve)
    def view(request: HttpRequest, service: str, **names: str) -> HttpResponseBase:
        try:
            answer = _answer(request, service, functools.partial(resolve, **names))
        except MarketplaceError as refusal:
            answer = _refused(request, service, refusal)
        if names.keys() & {"key"}:
            answer.headers["Cache-Control"] = "private, no-store"
            answer.headers["Referrer-Policy"] = "no-referrer"
        else:
            answer.headers.setdefault("Cache-Control", "no-cache")
        patch_vary_headers(answer, ["Git-Protocol", "Accept-Encoding"])
        return answer

    return view


def _answer(request: HttpRequest, service: str, resolve: Callable[[], Served]) -> HttpResponseBase:
    if "receive-pack" in service or request.GET.get("service") == "git-receive-pack":
        raise NotAllowed("MP5010")
    if service == "info/refs" and request.method in {"GET", "HEAD"}:
        if request.GET.get("service") != "git-upload-pack":
            raise NotAllowed("MP5011")
        return _info_refs(request, resolve())
    if service == "git-upload-pack" and request.method == "POST":
        return _upload_pack(request, resolve())
    if service in {"info/refs", "git-upload-pack"}:
        return HttpResponse(status=405, headers={"Allow": "GET" if service == "info/refs" else "POST"})
    raise NotAllowed("MP5011")


def _info_refs(request: HttpRequest, current: Served) -> HttpResponse:
    repository = git_store().repository(current.state)
    remember(current)
    return HttpResponse(advertise(repository, protocol_of(request)), content_type=ADVERTISEMENT)


def _upload_pack(request: HttpRequest, current: Served) -> StreamingHttpResponse:
    body = body_of(request)
    head = next(body, b"")
    repository = _repository(current, head)
    if FETCH.search(head):
        delivery = delivery_of(request, current.channel)
        for version in served_versions(current.state):
            download_grant(current.viewer, version)
            download_record(version=version, viewer=current.viewer, delivery=delivery)
    remember(current)
    stream = upload_pack(repository, protocol_of(request), head, body)
    release_connections()
    return StreamingHttpResponse(stream, content_type=RESULT)


def _repository(current: Served, head: bytes) -> Path:
    """The repository that has what the client wants: the present one, or one that it was shown a moment ago."""
    store = git_store()
    wants = {want.decode() for want in WANT.findall(head)}
    repository = store.repository(current.state)
    if wants and store.head(current.state.digest) not in wants:
        for digest in former_digests(current):
            if store.head(digest) in wants:
                return store.path(digest)
    return repository


def _refused(request: HttpRequest, service: str, refusal: MarketplaceError) -> HttpResponse:
    """As git shows it: an ERR line in a well-formed answer; the plain status for everything else."""
    sentence = str(refusal)
    wanted = request.GET.get("service", "")
    if service == "info/refs" and wanted.startswith("git-") and refusal.status in {403, 429, 503}:
        line = f"ERR {sentence}\n".encode()
        name = f"# service={wanted}\n".encode()
        body = b"%04x%s0000%04x%s" % (len(name) + 4, name, len(line) + 4, line)
        return HttpResponse(body, content_type=f"application/x-{wanted}-advertisement")
    text = f"{refusal.code} {sentence}\n"
    headers = {"Retry-After": "5"} if refusal.status == 429 else {}  # noqa: PLR2004  (RFC 6585)
    return HttpResponse(text, status=refusal.status, content_type="text/plain; charset=utf-8", headers=headers)


publisher_repository = served(publisher_state)
package_repository = served(package_state)
personal_repository = served(personal_state)
