"""The registry's background jobs."""

from __future__ import annotations

from celery import shared_task

from marketplace.core import tenancy
from marketplace.core.jobs import job
from marketplace.core.temporary import leftovers_sweep
from registry.services import (
    artifact_sweep,
    capabilities,
    demo,
    demo_pictures,
    following,
    imports,
    proofs,
    rereading,
    rescanning,
    scanning,
)


@job(scanning.SCAN, queue="scan", attempts=20, lease_seconds=300)
def version_scan(version_id: int, **_event: object) -> None:
    """Check one version."""
    scanning.version_scan(version_id)


@job(rescanning.RESCAN, queue="scan", attempts=3, lease_seconds=300)
def version_rescan(version_id: int) -> None:
    """Look at a published version with new rules."""
    rescanning.version_rescan(version_id)


@job(rereading.REREAD, queue="scan", attempts=3, lease_seconds=300)
def version_reread(version_id: int) -> None:
    """Read what a version can do with new detectors."""
    rereading.version_reread(version_id)


@job(imports.READ, queue="scan", attempts=3, lease_seconds=400)
def import_read(import_id: int) -> None:
    """Read a repository."""
    imports.import_read(import_id)


@job(imports.PUBLISH, queue="scan", attempts=5, lease_seconds=600)
def import_publish(import_id: int) -> None:
    """Publish what was confirmed."""
    imports.import_publish(import_id)


@job(demo.OLDER, queue="scan", attempts=5, lease_seconds=300)
def demo_older(publisher: str, package: str) -> None:
    """Publish the older versions of a demo package."""
    demo.older_load(publisher, package)


@job(demo_pictures.HANG, attempts=3, lease_seconds=300)
def demo_pictures_hang() -> None:
    """Hang up the pictures of the demo packages."""
    demo_pictures.pictures_load()


@job(proofs.CHECK, attempts=3)
def proof_check(proof_id: int) -> None:
    """Look whether a publisher's proof stands where it must."""
    proofs.proof_check(proof_id)


@job(following.TELL)
def followers_tell(version_id: int, **_event: object) -> None:
    """Tell followers of a new version."""
    following.followers_tell(version_id)


@job(following.TELL_OF_COLLECTION)
def collection_followers_tell(collection_id: int, package_id: int, user_id: int | None) -> None:
    """Tell followers of what a collection gained."""
    following.collection_followers_tell(collection_id, package_id, user_id)


@shared_task(name="registry.versions_sweep")
def versions_sweep() -> None:
    """Finish what a dead worker left."""
    with tenancy.bound(tenancy.SYSTEM):
        scanning.versions_sweep()


@shared_task(name="registry.proofs_recheck")
def proofs_recheck() -> None:
    """Have yesterday's proofs checked again, and end those whose time is over."""
    with tenancy.bound(tenancy.SYSTEM):
        proofs.proofs_recheck()
        proofs.marks_end()


@shared_task(name="registry.catalogue_rescan")
def catalogue_rescan() -> None:
    """Have new rules look at what is published."""
    with tenancy.bound(tenancy.SYSTEM):
        rescanning.catalogue_rescan()


@shared_task(name="registry.catalogue_reread")
def catalogue_reread() -> None:
    """Have new detectors read what is published."""
    with tenancy.bound(tenancy.SYSTEM):
        rereading.catalogue_reread()


@shared_task(name="registry.versions_settle")
def versions_settle() -> None:
    """Let shared addresses serve what has waited long enough."""
    with tenancy.bound(tenancy.SYSTEM):
        capabilities.versions_settle()


@shared_task(name="registry.artifacts_sweep")
def artifacts_sweep() -> None:
    """Take away bytes that nothing refers to."""
    with tenancy.bound(tenancy.SYSTEM):
        artifact_sweep.imports_sweep()
        artifact_sweep.artifacts_sweep()
    leftovers_sweep()
