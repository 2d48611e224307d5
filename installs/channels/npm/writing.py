"""Publish, deprecate, unpublish, tag: what npm sends, handed to the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.channels.npm.access import maintainers_put
from installs.channels.npm.answers import BadRequest, answer, status_page
from installs.channels.npm.body import publication_limit, read_json, read_object
from installs.channels.npm.confirming import ensure_confirmed
from installs.domain.npm_body import has_attachment
from installs.domain.npm_names import tarball_number
from installs.selectors.documents import tags_told
from installs.services import npm_changes
from installs.services.npm_publish import npm_publish
from marketplace.core.errors import NotAllowed, NotFound
from registry.domain.names import FullName
from registry.selectors.packages import package_get, version_get
from registry.services.tags import tag_remove, tag_set

if TYPE_CHECKING:
    from django.http import HttpResponse

    from installs.channels.npm.call import Call
    from registry.models import Package


def package_put(call: Call) -> HttpResponse:
    """PUT: a publication when bytes come along, else warnings of deprecation; stars are refused."""
    by = call.writer
    body = read_object(call.request, limit=publication_limit())
    if has_attachment(body):
        ensure_confirmed(call, f"publish {call.full_name}")
        version = npm_publish(name=FullName(call.publisher, call.name), body=body, by=by)
        said = f"{call.full_name}@{version.number}"
        return _done(f"received {said}", notice=f"Checking {said}: {status_page(call.full_name)}")
    _ensure_versions(body)
    npm_changes.npm_deprecate(package=_package(call), body=body, by=by)
    return _done("package changed")


def revision_put(call: Call) -> HttpResponse:
    """PUT: the packument without the versions that are to be unpublished, or other maintainers."""
    by = call.writer
    body = read_object(call.request, limit=publication_limit())
    if "versions" not in body and "maintainers" in body:
        return maintainers_put(call, body["maintainers"])
    _ensure_versions(body)
    ensure_confirmed(call, f"unpublish versions of {call.full_name}")
    npm_changes.npm_versions_unpublish(package=_package(call), body=body, revision=call.parts["revision"], by=by)
    return _done("package changed")


def revision_delete(call: Call) -> HttpResponse:
    """DELETE: unpublish the whole package."""
    by = call.writer
    ensure_confirmed(call, f"unpublish {call.full_name}")
    npm_changes.npm_package_unpublish(package=_package(call), revision=call.parts["revision"], by=by)
    return _done("package unpublished")


def tarball_delete(call: Call) -> HttpResponse:
    """DELETE: the last step of unpublishing one version; the revision was read before the step that changed it."""
    by, file = call.writer, call.parts["file"]
    package = _package(call)
    number = tarball_number(call.name, file)
    if number is None:
        raise NotFound("MP3003", {"name": package.full_name, "number": file[:128]})
    npm_changes.npm_tarball_unpublish(package=package, number=number, by=by)
    return _done("version unpublished")


def tags(call: Call) -> HttpResponse:
    """GET: the tags."""
    return answer(tags_told(_package(call)))


def tag_put(call: Call) -> HttpResponse:
    """PUT: point the tag to the version whose number is the body, a JSON string."""
    by = call.writer
    number = read_json(call.request)
    if not isinstance(number, str):
        raise BadRequest("MP9010", {"form": "JSON string"})
    package = _package(call)
    tag_set(package=package, tag=call.parts["tag"], version=version_get(by, package, number[:128]), by=by)
    return _done("package tagged")


def tag_delete(call: Call) -> HttpResponse:
    """DELETE: forget the tag."""
    by = call.writer
    tag_remove(package=_package(call), tag=call.parts["tag"], by=by)
    return answer({"ok": "dist-tag removed"})


def _package(call: Call) -> Package:
    return package_get(call.viewer, call.publisher, call.name)


def _done(what: str, *, notice: str = "") -> HttpResponse:
    return answer({"ok": what, "success": True}, status=201, notice=notice)


def _ensure_versions(body: dict[str, object]) -> None:
    if "versions" not in body:
        raise NotAllowed("MP5022")
