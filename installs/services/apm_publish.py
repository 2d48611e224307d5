"""`apm publish`: an archive becomes the version that its address names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from installs.selectors.client_requests import confirms_writes
from installs.services.npm_publish import ensure_publishes
from marketplace.core.errors import Invalid, NotAllowed
from registry.domain.formats import detect
from registry.domain.names import FullName
from registry.models import Package
from registry.selectors.packages import publisher_get
from registry.services.access import ensure_can_publish
from registry.services.intake import content_of_stream
from registry.services.publishing import Release, version_receive

if TYPE_CHECKING:
    from typing import BinaryIO

    from marketplace.domain.viewer import Viewer
    from registry.domain.content import Content
    from registry.domain.formats import Entry
    from registry.models import Version


def apm_publish(*, publisher: str, name: str, number: str, stream: BinaryIO, by: Viewer) -> Version:
    """Take the archive in under an existing publisher's name.

    Raises NotFound MP3001, NotAllowed MP3010 to MP3015, MP5026 for somebody who asked to confirm what command lines
    write (apm cannot ask), Invalid, TooLarge, Conflict MP3012 for a number that is taken.
    """
    full = FullName(publisher, name)
    ensure_publishes(full, by)
    if confirms_writes(by):
        raise NotAllowed("MP5026", {"page": f"{settings.BASE_URL}/account/command-lines"})
    owner = publisher_get(publisher)
    package = Package.objects.select_related("publisher").filter(full_name=str(full)).first()
    ensure_can_publish(by=by, publisher=owner, package=package, full_name=str(full))
    entry = _one_entry(content_of_stream(stream))
    release = Release(number=number, name=name, exact=True)
    return version_receive(publisher=owner, entry=entry, release=release, by=by).version


def _one_entry(content: Content) -> Entry:
    detection = detect(content)
    for finding in (*detection.findings, *(found for entry in detection.entries for found in entry.findings)):
        if finding.severity == "error":
            raise Invalid(finding.code, {"path": finding.path, "line": finding.line or 0, **finding.params})
    if len(detection.entries) != 1:
        raise Invalid("MP3034", {"count": len(detection.entries)})
    return detection.entries[0]
