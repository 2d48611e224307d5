"""Reads of imports: each belongs to the person who made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core.errors import NotFound
from registry.models import Import, ImportEntry

if TYPE_CHECKING:
    from uuid import UUID

    from marketplace.domain.viewer import Viewer


def import_get(viewer: Viewer, public_id: UUID) -> Import:
    """The viewer's own import; raises NotFound MP9001."""
    job = Import.objects.select_related("publisher").filter(public_id=public_id, user_id=viewer.user_id or 0).first()
    if job is None:
        raise NotFound("MP9001")
    return job


def import_entry_get(job: Import, public_id: UUID) -> ImportEntry:
    """One entry of the import; raises NotFound MP9001."""
    entry = job.entries.select_related("content").filter(public_id=public_id).first()
    if entry is None:
        raise NotFound("MP9001")
    return entry
