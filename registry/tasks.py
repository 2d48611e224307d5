"""The registry's background jobs."""

from __future__ import annotations

from celery import shared_task

from marketplace.core import tenancy
from marketplace.core.jobs import job
from registry.services import artifact_sweep, scanning


@job(scanning.SCAN, queue="scan", attempts=20, lease_seconds=300)
def version_scan(version_id: int, **_event: object) -> None:
    """Check one version."""
    scanning.version_scan(version_id)


@shared_task(name="registry.versions_sweep")
def versions_sweep() -> None:
    """Finish what a dead worker left."""
    with tenancy.bound(tenancy.SYSTEM):
        scanning.versions_sweep()


@shared_task(name="registry.artifacts_sweep")
def artifacts_sweep() -> None:
    """Take away bytes that nothing refers to."""
    with tenancy.bound(tenancy.SYSTEM):
        artifact_sweep.artifacts_sweep()
