"""Packuments and single manifests: stored ones of public packages, rendered ones for who may see a private one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from installs.channels.documents.answer import PERSONAL, SHARED, current, is_current, stamp_of, whole
from installs.channels.documents.bases import located
from installs.channels.npm.answers import answer
from installs.domain.npm import Form, form_of
from installs.selectors.consent import allowed_versions
from installs.selectors.documents import document_find
from installs.services.documents import packument_render
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.domain.viewer import Scope
from registry.selectors.packages import package_get

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from installs.channels.npm.call import Call
    from installs.models import Document
    from installs.services.documents import Rendered


def packument(call: Call) -> HttpResponse:
    """GET: the form that Accept asks for; `?write=true` gets the present state, as does who reads a private package."""
    form = form_of(call.request.headers.get("Accept", ""))
    document = _document(call, form)
    stamp = stamp_of(document, form, SHARED if call.viewer.is_anonymous else PERSONAL)
    if is_current(call.request, stamp):
        return current(call.request, stamp)
    return whole(call.request, stamp, bytes(document.body), bytes(document.packed))


def manifest(call: Call) -> HttpResponse:
    """GET: one version's manifest, by number or tag; NotFound MP3003."""
    body, spec = json.loads(bytes(_document(call, Form.FULL).body)), call.parts["spec"]
    number = body["dist-tags"].get(spec, spec)
    if number not in body["versions"]:
        raise NotFound("MP3003", {"name": call.full_name, "number": spec[:128]})
    return answer(body["versions"][number])


def _document(call: Call, form: Form) -> Document | Rendered:
    """The document for this viewer; raises NotFound MP3002, NotAllowed MP5002 for a token that may not read it."""
    viewer, base = call.viewer, base_of(call.request)
    if not viewer.may_use(Scope.READ) or not viewer.may_touch(call.full_name):
        raise NotAllowed("MP5002", {"name": call.full_name})
    stored = document_find(call.full_name, form, base) if viewer.is_anonymous else None
    document = stored or _personal(call, form, base)
    if document is None:
        raise NotFound("MP3002", {"name": call.full_name})
    return document


def _personal(call: Call, form: Form, base: str) -> Document | Rendered | None:
    """What this viewer may have: with consent held back, or as everybody has it."""
    package = package_get(call.viewer, call.publisher, call.name)
    allowed = allowed_versions(call.viewer, package)
    is_fresh = call.request.GET.get("write") == "true"
    stored = document_find(call.full_name, form, base) if allowed.is_shared and not is_fresh else None
    return stored or packument_render(package, form=form, base=base, keys=allowed.keys)


def base_of(request: HttpRequest) -> str:
    """The base address under which the request came; raises NotFound MP9001 when it is none of the registry's."""
    place = located(request.get_host(), request.path_info)
    if place is None:
        raise NotFound("MP9001")
    return place[0]
