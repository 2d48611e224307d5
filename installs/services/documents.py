"""Keeps every public package's npm documents as they must be served, in the transaction that changes the package."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from installs.domain.npm import Form, packument
from installs.models import Document
from installs.selectors.documents import packument_facts, settled_keys
from installs.services.changes import package_changed
from registry.models import Package

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from registry.domain.events import PackageChanged, VersionChanged

log = structlog.get_logger(__name__)

GONE = "-"
KEPT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document's bytes, plain and gzip, the SHA-256 (hex) that is its strong ETag, and when it last changed."""

    body: bytes
    packed: bytes
    etag: str
    modified_at: datetime


def package_documents(event: VersionChanged | PackageChanged) -> None:
    """Projection: write the package's documents, or take them away when it is private or has nothing to give."""
    package = Package.objects.select_related("publisher").filter(pk=event.package_id).first()
    if package is not None:
        documents_write(package=package)


@transaction.atomic
def documents_write(*, package: Package) -> None:
    """Render both forms for every base; unchanged ones keep their time. ETags reach the cache after the commit."""
    wanted = {} if package.is_private else rendered_documents(package)
    stored = {(row.form, row.base): row for row in Document.objects.filter(package=package).defer("body", "packed")}
    changed = [key for key in wanted if key not in stored or stored[key].etag != wanted[key].etag]
    Document.objects.bulk_create(
        [_row(package, key, wanted[key]) for key in changed],
        update_conflicts=True,
        unique_fields=["package", "form", "base"],
        update_fields=["etag", "body", "packed", "modified_at"],
    )
    stale = [row.pk for key, row in stored.items() if key not in wanted]
    if stale:
        Document.objects.filter(pk__in=stale).delete()
    marks = {mark_key(package.full_name, form, base): GONE for form, base in stored if (form, base) not in wanted}
    marks |= {mark_key(package.full_name, *key): mark(wanted[key].etag, wanted[key].modified_at) for key in changed}
    if marks:
        transaction.on_commit(lambda: cache.set_many(marks, KEPT_SECONDS), robust=True)
    package_changed(package.full_name)


def rendered_documents(package: Package) -> dict[tuple[str, str], Rendered]:
    """Every document of the package by form and base; empty when no version of it can be had."""
    facts = packument_facts(package, settled_keys(package))
    if not facts.releases:
        return {}
    return {(form, base): rendered(packument(facts, base=base, form=form)) for form, base in _forms()}


def packument_render(package: Package, *, form: Form, base: str, keys: frozenset[int] | None) -> Rendered | None:
    """The packument as it is now for somebody who may have the versions `keys` (None: all); None: no version."""
    facts = packument_facts(package, keys)
    return rendered(packument(facts, base=base, form=form)) if facts.releases else None


def rendered(body: bytes) -> Rendered:
    """The document around `body`; the same bytes are always the same document."""
    return Rendered(body, gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest(), timezone.now())


def mark_key(full_name: str, form: str, base: str) -> str:
    """The cache key of a document's present ETag."""
    return "document:" + hashlib.sha256(f"{form} {base} {full_name}".encode()).hexdigest()


def mark(etag: str, modified_at: datetime) -> str:
    """What the cache keeps of a document: ETag and Unix time of its last change."""
    return f"{etag} {int(modified_at.timestamp())}"


def mark_read(full_name: str, form: str, base: str) -> str | None:
    """The document's mark; None when the cache has none or cannot be asked: then the database is."""
    try:
        found = cache.get(mark_key(full_name, form, base))
    except Exception as error:  # noqa: BLE001  (whatever the cache does, documents are served)
        log.warning("documents.cache_failed", error=str(error))
        return None
    return str(found) if found is not None else None


def mark_add(document: Document, full_name: str) -> None:
    """Tell the cache of a document that was read; what a writer told it meanwhile stays."""
    key = mark_key(full_name, document.form, document.base)
    try:
        cache.add(key, mark(document.etag, document.modified_at), KEPT_SECONDS)
    except Exception as error:  # noqa: BLE001  (likewise)
        log.warning("documents.cache_failed", error=str(error))


def documents_rebuild() -> int:
    """Render every package's documents and forget those of former bases; returns how many packages."""
    Document.objects.exclude(base__in=settings.NPM_BASES).delete()
    count = 0
    for pk in Package.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=500):
        with transaction.atomic():
            package = Package.objects.select_for_update(of=("self",)).select_related("publisher").filter(pk=pk).first()
            if package is not None:
                documents_write(package=package)
                count += 1
    return count


def _forms() -> Iterator[tuple[Form, str]]:
    return ((form, base) for form in Form for base in settings.NPM_BASES)


def _row(package: Package, key: tuple[str, str], document: Rendered) -> Document:
    form, base = key
    return Document(
        package=package, form=form, base=base, etag=document.etag, body=document.body, packed=document.packed
    )
