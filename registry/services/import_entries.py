"""One entry of an import, read again from its stored content and published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.core.errors import Conflict
from registry.domain.archives import read_stored
from registry.domain.formats import detect
from registry.services.artifacts import artifact_open
from registry.services.publishing import Received, Release, version_receive

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.domain.formats import Entry
    from registry.models import Artifact, Import, ImportEntry


def entry_publish(job: Import, row: ImportEntry, by: Viewer) -> Received:
    """Receive it under the import's publisher; a number that the entry lacks is the next one.

    The stored content is the version's source as it is: nothing is packed or stored again. The import's visibility is
    that of new packages. Raises what version_receive raises, Conflict MP3043 when the entry has no content.
    """
    if job.publisher is None or row.content is None:
        raise Conflict("MP3043", {"state": job.state})
    release = Release(number=row.number or None, name=row.name, is_private=job.is_private, keeps_visibility=True)
    entry = entry_of(row, row.content)
    return version_receive(publisher=job.publisher, entry=entry, release=release, by=by, source=row.content)


def entry_of(row: ImportEntry, content: Artifact) -> Entry:
    """The entry as it was found."""
    with artifact_open(content) as stream:
        entry = detect(read_stored(stream)).entries[0]
    return replace(entry, name=row.name, kind=row.kind or entry.kind, manifest=entry.manifest.named(row.name))
