"""The first middleware: packuments for anonymous readers, before anything else of the stack runs.

Its ETag is asked of the cache each time, so a publication shows at once; bytes come from this process's memory or from
the stored document. Whatever is personal, unusual or missing falls through to the views. What it answered, `front`
gives again without asking Django.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import DisallowedHost

from installs.channels.documents.answer import SHARED, Stamp, current, is_current, stamp_of, whole
from installs.channels.documents.bases import located
from installs.channels.documents.kept import keep
from installs.channels.documents.memory import bodies
from installs.domain.npm import Form, form_of
from installs.domain.npm_names import path_name
from installs.selectors.documents import document_find
from installs.services.documents import GONE, mark_add, mark_read

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

PERSONAL_HEADERS = ("HTTP_AUTHORIZATION", "HTTP_COOKIE")


class DocumentsMiddleware:
    """Answers what it can from stored documents, and passes everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        """Wrap the rest of the stack."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer from a document, or what the stack says."""
        wanted = _wanted(request)
        answer = _answer(request, *wanted) if wanted else None
        return answer or self.get_response(request)


def _wanted(request: HttpRequest) -> tuple[str, Form, str] | None:
    """Name, form and base of the document that an anonymous reader asks for; None: not such a request."""
    meta = request.META
    if request.method not in {"GET", "HEAD"} or "/@" not in request.path_info or meta.get("QUERY_STRING"):
        return None
    if any(meta.get(name) for name in PERSONAL_HEADERS) or (settings.SECURE_SSL_REDIRECT and not request.is_secure()):
        return None
    try:
        place = located(request.get_host(), request.path_info)
    except DisallowedHost:
        return None
    name = path_name(place[1]) if place else None
    return (name, form_of(meta.get("HTTP_ACCEPT", "")), place[0]) if place and name else None


def _answer(request: HttpRequest, name: str, form: Form, base: str) -> HttpResponse | None:
    mark = mark_read(name, form, base)
    if mark == GONE:
        return None
    if mark is not None:
        etag, _, modified = mark.partition(" ")
        stamp = Stamp(etag, int(modified), form.media_type, SHARED)
        if is_current(request, stamp):
            return current(request, stamp)
        if (held := bodies.get((name + form + base, etag))) is not None:
            return _kept(request, name, stamp, held)
    return _stored(request, name, form, base)


def _stored(request: HttpRequest, name: str, form: Form, base: str) -> HttpResponse | None:
    document = document_find(name, form, base)
    if document is None:
        return None
    mark_add(document, name)
    stamp = stamp_of(document, form, SHARED)
    held = bytes(document.body), bytes(document.packed)
    bodies.put((name + form + base, document.etag), held, sum(map(len, held)))
    return current(request, stamp) if is_current(request, stamp) else _kept(request, name, stamp, held)


def _kept(request: HttpRequest, name: str, stamp: Stamp, held: tuple[bytes, bytes]) -> HttpResponse:
    keep(request, name)
    return whole(request, stamp, *held)
