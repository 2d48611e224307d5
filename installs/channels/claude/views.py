"""The marketplace documents: the whole site's, a publisher's, a collection's, a person's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.channels.documents.answer import Stamp, current, is_current, whole
from installs.channels.documents.memory import bodies
from installs.channels.refusals import reading
from installs.selectors.catalogue import catalogue_body, catalogue_stamp
from installs.services.catalogue import publisher_document
from installs.services.collections import collection_document
from installs.services.personal import personal_document

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from installs.services.documents import Rendered

MEDIA_TYPE = "application/json"
SHARED = "public, max-age=30"
PERSONAL = "private, no-store"


@reading
def catalogue(request: HttpRequest) -> HttpResponse:
    """The catalogue of the site, as its last rebuild left it."""
    etag, modified_at = catalogue_stamp()
    stamp = Stamp(etag, int(modified_at.timestamp()), MEDIA_TYPE, SHARED)
    if is_current(request, stamp):
        return _plain(current(request, stamp))
    held = bodies.get(("catalogue", etag))
    if held is None:
        held = catalogue_body()
        bodies.put(("catalogue", etag), held, sum(map(len, held)))
    return _plain(whole(request, stamp, *held))


@reading
def publisher(request: HttpRequest, name: str) -> HttpResponse:
    """What one publisher offers."""
    return _plain(_answer(request, publisher_document(name), SHARED))


@reading
def collection(request: HttpRequest, slug: str) -> HttpResponse:
    """What everybody gets of a collection; search engines keep to its page."""
    response = _plain(_answer(request, collection_document(slug), SHARED))
    response["X-Robots-Tag"] = "noindex"
    return response


@reading
def personal(request: HttpRequest, key: str) -> HttpResponse:
    """What stands in the library behind the key."""
    response = _answer(request, personal_document(key), PERSONAL)
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return _plain(response)


def _answer(request: HttpRequest, document: Rendered, cache_control: str) -> HttpResponse:
    """By ETag only: a time would call a document current that has changed within the second."""
    stamp = Stamp(document.etag, int(document.modified_at.timestamp()), MEDIA_TYPE, cache_control)
    known = "If-None-Match" in request.headers and is_current(request, stamp)
    response = current(request, stamp) if known else whole(request, stamp, document.body, document.packed)
    del response["Last-Modified"]
    return response


def _plain(response: HttpResponse) -> HttpResponse:
    response["Vary"] = "Accept-Encoding"
    return response
