"""An upload or a repository becomes entries, the chosen ones versions; one service for page, API and command."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.db import transaction

from marketplace.core.errors import Conflict, Invalid, MarketplaceError, NotAllowed, NotFound
from marketplace.domain.audit import Action
from marketplace.domain.viewer import Scope
from marketplace.models import User
from marketplace.services.audit import audit
from marketplace.services.outbox import enqueue
from marketplace.services.viewers import signed_in_id, viewer_of_user
from registry.clients.source_host import SourceRefused
from registry.domain.archives import ArchiveRefused
from registry.domain.capabilities import gather
from registry.domain.formats import detect
from registry.models import Import, ImportEntry
from registry.services.access import ensure_may_publish_as
from registry.services.artifacts import artifact_store_packed
from registry.services.import_entries import entry_publish
from registry.services.import_source import source

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from marketplace.domain.viewer import Viewer
    from registry.domain.content import Content
    from registry.domain.findings import Finding
    from registry.domain.formats import Entry
    from registry.models import Publisher

log = structlog.get_logger(__name__)
READ = "registry.import_read"
PUBLISH = "registry.import_publish"


@transaction.atomic
def import_from_url(*, url: str, by: Viewer, publisher: Publisher | None = None) -> Import:
    """Promise to read the repository at `url`; raises NotAllowed MP3010, MP3015."""
    job = _make(by=by, publisher=publisher, url=url)
    enqueue(READ, import_id=job.pk)
    return job


def import_from_content(
    *, content: Content, by: Viewer, publisher: Publisher | None = None, split: bool = False
) -> Import:
    """Entries of an upload, at once; raises NotAllowed MP3015, Invalid MP2xxx when nothing was recognised."""
    detection = detect(content, split=split)
    if not detection.entries:
        finding = next(iter(detection.findings))
        raise Invalid(finding.code, dict(finding.params))
    job = _make(by=by, publisher=publisher, url="")
    _fill(job, [(entry, None) for entry in detection.entries])
    return job


def _make(*, by: Viewer, publisher: Publisher | None, url: str) -> Import:
    if by.user_id is None or not by.may_use(Scope.PUBLISH):
        raise NotAllowed("MP3015")
    if publisher is not None:
        ensure_may_publish_as(by=by, publisher=publisher)
    job = Import.objects.create(user_id=by.user_id, publisher=publisher, url=url[:500])
    audit(Action.IMPORT_START, by=by, kind="import", subject=job.public_id, name=url[:200])
    return job


def import_read(import_id: int) -> None:
    """Fetch and read the repository; the reason of a failure is kept on the import. Reading again begins anew."""
    job = Import.objects.get(pk=import_id)
    if job.state != Import.State.READING:
        return
    try:
        with source(job.url) as found:
            Import.objects.filter(pk=job.pk).update(revision=found.revision)
            _fill(job, found.entries)
    except SourceRefused as refused:
        _failed(job, "MP3041", {"reason": str(refused)})
    except (ArchiveRefused, Invalid) as refused:
        _failed(job, refused.code, dict(refused.params))


def _fill(job: Import, entries: Iterable[tuple[Entry, str | None]]) -> None:
    """Write down each entry as it is found; the bytes of one are stored before the next is read."""
    job.entries.all().delete()
    for position, (entry, number) in enumerate(entries):
        skip = next((finding for finding in entry.findings if finding.severity == "error"), None)
        ImportEntry.objects.create(
            job=job,
            position=position,
            name=entry.name[:64],
            kind=entry.kind or "",
            format=entry.format,
            number=number or entry.version or "",
            summary=entry.manifest.summary[:300],
            source_path=entry.source_path[:512],
            findings=[_finding_json(finding) for finding in entry.findings],
            capabilities=gather(entry.content, entry.manifest).as_json() if entry.content and skip is None else [],
            content=artifact_store_packed(entry.content) if entry.content and skip is None else None,
            selected=skip is None,
            state=ImportEntry.State.SKIPPED if skip else ImportEntry.State.FOUND,
            code=skip.code if skip else "",
            params=dict(skip.params) if skip else {},
        )
    Import.objects.filter(pk=job.pk).update(state=Import.State.READY)


def _finding_json(finding: Finding) -> dict[str, object]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "path": finding.path,
        "line": finding.line,
        "params": dict(finding.params),
    }


def _failed(job: Import, code: str, params: dict[str, object]) -> None:
    Import.objects.filter(pk=job.pk).update(state=Import.State.FAILED, error_code=code, error_params=params)


@transaction.atomic
def import_confirm(
    *, job: Import, publisher: Publisher, selected: Iterable[UUID], is_private: bool, by: Viewer
) -> Import:
    """Publish the selected entries as `publisher`, in the background.

    Raises NotFound MP9001 for another person's import, NotAllowed MP3010, Conflict MP3043, Invalid MP3042.
    """
    mine = Import.objects.select_for_update(of=("self",)).filter(pk=job.pk, user_id=signed_in_id(by))
    job = mine.first() or _nowhere()
    if job.state != Import.State.READY:
        raise Conflict("MP3043", {"state": job.state})
    ensure_may_publish_as(by=by, publisher=publisher)
    chosen = set(selected)
    found = job.entries.filter(state=ImportEntry.State.FOUND)
    found.exclude(public_id__in=chosen).update(selected=False)
    if not found.filter(public_id__in=chosen).update(selected=True):
        raise Invalid("MP3042")
    job.publisher, job.is_private, job.state = publisher, is_private, Import.State.PUBLISHING
    job.save(update_fields=["publisher", "is_private", "state", "updated_at"])
    enqueue(PUBLISH, import_id=job.pk)
    audit(Action.IMPORT_CONFIRM, by=by, kind="import", subject=job.public_id, name=f"@{publisher.name}")
    return job


def _nowhere() -> Import:
    raise NotFound("MP9001")


def import_publish(import_id: int) -> None:
    """Publish what was confirmed, entry by entry; a killed worker's rest is published by the next run."""
    job = Import.objects.select_related("publisher", "user").get(pk=import_id)
    if job.state != Import.State.PUBLISHING or job.publisher is None:
        return
    by = viewer_of_user(User.objects.get(pk=job.user_id))
    waiting = job.entries.filter(state=ImportEntry.State.FOUND, selected=True).select_related("content")
    for entry in waiting.order_by("position"):
        import_entry_publish(job, entry, by)
    Import.objects.filter(pk=job.pk).update(state=Import.State.DONE)


@transaction.atomic
def import_entry_publish(job: Import, row: ImportEntry, by: Viewer) -> ImportEntry:
    """Publish one entry and write down what became of it, both or neither."""
    try:
        with transaction.atomic():
            received = entry_publish(job, row, by)
    except MarketplaceError as refused:
        row.state, row.code, row.params = ImportEntry.State.SKIPPED, refused.code, _plain(refused.params)
    else:
        row.state = ImportEntry.State.PUBLISHED if received.created else ImportEntry.State.UNCHANGED
        row.version, row.number = received.version, received.version.number
    row.save()
    return row


def _plain(params: dict[str, object]) -> dict[str, str]:
    return {key: str(value) for key, value in params.items()}
