"""One entry of an import, read again from its stored content and published."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from marketplace.core.errors import Conflict
from registry.domain.archives import read_archive
from registry.domain.formats import detect
from registry.services.artifacts import artifact_open
from registry.services.publishing import Received, Release, version_receive

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.domain.formats import Entry
    from registry.models import Import, ImportEntry


def entry_of(row: ImportEntry) -> Entry:
    """The entry as it was found."""
    if row.content is None:
        raise Conflict("MP3043", {"state": row.state})
    with artifact_open(row.content) as stream:
        entry = detect(read_archive(stream)).entries[0]
    return replace(entry, name=row.name, kind=row.kind or entry.kind, manifest=entry.manifest.named(row.name))


def entry_publish(job: Import, row: ImportEntry, entry: Entry, by: Viewer) -> Received:
    """Receive it under the import's publisher; a number that the entry lacks is the next one."""
    if job.publisher is None:
        raise Conflict("MP3043", {"state": job.state})
    release = Release(number=row.number or None, name=row.name, is_private=job.is_private)
    return version_receive(publisher=job.publisher, entry=entry, release=release, by=by)
