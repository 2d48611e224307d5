"""`npm publish`: verified bytes become a version that is never renumbered."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from installs.domain.npm_body import BodyRefused, Publication, publication
from installs.domain.npm_names import npm_name
from installs.services.npm_tenant import tenant_publish
from marketplace.core.errors import Invalid, MarketplaceError, NotAllowed, TooLarge
from marketplace.domain.viewer import Scope
from marketplace.services.viewers import signed_in_id
from registry.domain.archives import ArchiveRefused, Limits, read_archive, unwrap
from registry.domain.formats import detect
from registry.domain.formats.jsons import JsonRefused, read_object
from registry.models import Package, Publisher
from registry.selectors.packages import publishers_of
from registry.services.access import ensure_can_publish
from registry.services.artifacts import artifact_store_stream
from registry.services.derive import TGZ
from registry.services.publishers import publisher_create
from registry.services.publishing import Release, version_receive
from registry.services.tags import ensure_tag

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.domain.content import Content
    from registry.domain.formats import Entry
    from registry.domain.names import FullName
    from registry.models import Version


def npm_publish(*, name: FullName, body: dict[str, Any], by: Viewer) -> Version:
    """Take in the one version that `body` (npm's JSON) carries.

    A first publication under a free scope makes the publisher. Raises NotAllowed MP3010 to MP3015, Invalid (MP11xx,
    MP2xxx, MP3016, MP3034 to MP3036, MP9010), TooLarge MP9005, Conflict MP3012, MP3013, MP3026, MP4101.
    """
    if settings.TEST_TENANT:
        ensure_publishes(name, by)
        sent = _read(body, name)
        ensure_tag(sent.tag)
        return tenant_publish(name=name, sent=sent, content=_content(sent), by=by)
    publisher = publisher_find(name, by)
    if publisher is not None:
        package = Package.objects.select_related("publisher").filter(full_name=str(name)).first()
        ensure_can_publish(by=by, publisher=publisher, package=package, full_name=str(name))
    sent = _read(body, name)
    ensure_tag(sent.tag)
    entry = entry_of(sent, name)
    source = artifact_store_stream(io.BytesIO(sent.tarball), media_type=TGZ, limit=settings.UPLOAD_MAX_BYTES)
    release = Release(
        number=sent.number,
        tag=sent.tag,
        is_private=sent.is_private,
        name=name.package,
        npm_manifest=sent.manifest,
        exact=True,
    )
    with transaction.atomic():
        publisher = publisher or publisher_create(name=name.publisher, by=by)
        received = version_receive(publisher=publisher, entry=entry, release=release, by=by, source=source)
    return received.version


def ensure_publishes(name: FullName, by: Viewer) -> None:
    """Raise NotAllowed MP3014, MP3015 for a token without the right or without this package in its list."""
    if not by.may_use(Scope.PUBLISH):
        raise NotAllowed("MP3015")
    if not by.may_touch(str(name)):
        raise NotAllowed("MP3014", {"name": str(name)})


def publisher_find(name: FullName, by: Viewer) -> Publisher | None:
    """The scope's publisher; None when it is to be made, for somebody who has none. Raises NotAllowed otherwise."""
    ensure_publishes(name, by)
    publisher = Publisher.objects.filter(name=name.publisher).first()
    if publisher is None and publishers_of(by).filter(user_id=signed_in_id(by)).exists():
        raise NotAllowed("MP3010", {"name": name.publisher})
    return publisher


def entry_of(sent: Publication, name: FullName) -> Entry:
    """What the tarball holds; its own package.json must say the name and number that the request says."""
    content = _content(sent)
    _ensure_same(content, f"{npm_name(str(name))}@{sent.number}")
    detection = detect(content)
    found = [*detection.findings, *(finding for entry in detection.entries for finding in entry.findings)]
    for finding in found:
        if finding.severity == "error":
            raise Invalid(finding.code, {"path": finding.path, "line": finding.line or 0, **finding.params})
    if len(detection.entries) != 1:
        raise Invalid("MP3034", {"count": len(detection.entries)})
    return detection.entries[0]


def _read(body: dict[str, Any], name: FullName) -> Publication:
    try:
        return publication(body, full_name=npm_name(str(name)), limit=settings.UPLOAD_MAX_BYTES)
    except BodyRefused as refusal:
        raise body_error(refusal) from refusal


def body_error(refusal: BodyRefused) -> MarketplaceError:
    """The refusal as the error that it is to clients."""
    kind = TooLarge if refusal.code == "MP9005" else Invalid
    return kind(refusal.code, refusal.params)


def _content(sent: Publication) -> Content:
    try:
        archive = io.BytesIO(sent.tarball)
        return unwrap(read_archive(archive, limits=Limits(packed=settings.UPLOAD_MAX_BYTES)))
    except ArchiveRefused as refusal:
        raise Invalid(refusal.code, refusal.params) from refusal


def _ensure_same(content: Content, outside: str) -> None:
    path = "package.json"
    try:
        inside = read_object(content[path].data, path) if path in content else {}
    except JsonRefused as refusal:
        raise Invalid(refusal.finding.code, refusal.finding.params) from refusal
    named = f"{inside.get('name')}@{inside.get('version')}"
    if named != outside:
        raise Invalid("MP3035", {"inside": named[:200], "outside": outside})
