"""The background jobs of installs."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from installs.selectors.trends import growth_counts
from installs.services import catalogue, client_requests, consent, copies, downloads, usage, usage_days
from marketplace.core import jobs, tenancy
from registry.domain.states import State
from registry.services.search import popularity_push

CONSENT_ASK = "installs.consent_ask"
REREAD_TELL = "installs.reread_tell"


@jobs.job(CONSENT_ASK, attempts=8, lease_seconds=600)
def consent_ask(version_id: int, state: str, **_event: object) -> None:
    """Ask the people who have a package about a version that asks for more."""
    if state == State.PUBLISHED:
        consent.consent_ask(version_id)


@jobs.job(REREAD_TELL, attempts=8, lease_seconds=600)
def reread_tell(version_id: int, before: str, **_event: object) -> None:
    """Tell people who have a version that more is read in it now."""
    consent.reread_tell(version_id, before)


@shared_task(name="installs.partitions_ensure")
def partitions_ensure() -> None:
    """Make the coming week's partitions, and drop those whose time is over."""
    downloads.partitions_ensure()
    usage_days.partitions_make()
    with tenancy.bound(tenancy.SYSTEM):
        usage_days.partitions_drop()


@shared_task(name="installs.usage_write")
def usage_write() -> None:
    """Write down what people did in the last seconds."""
    with tenancy.bound(tenancy.SYSTEM):
        usage.usage_write()


@shared_task(name="installs.usage_roll_up")
def usage_roll_up() -> None:
    """Add today and yesterday up."""
    with tenancy.bound(tenancy.SYSTEM):
        today = timezone.now().date()
        for day in (today - timedelta(days=1), today):
            usage_days.usage_roll_up(day)


@shared_task(name="installs.client_requests_purge")
def client_requests_purge() -> None:
    """Forget command lines that waited a day ago."""
    with tenancy.bound(tenancy.SYSTEM):
        client_requests.client_requests_purge()


@shared_task(name="installs.downloads_roll_up")
def downloads_roll_up() -> None:
    """Count today and yesterday."""
    with tenancy.bound(tenancy.SYSTEM):
        today = timezone.now().date()
        for day in (today - timedelta(days=1), today):
            downloads.downloads_roll_up(day)
        popularity_push(downloads.month_counts(), growth_counts())


@jobs.job(catalogue.REBUILD, queue="default", lease_seconds=240)
def catalogue_rebuild(**_told: object) -> None:
    """Write the catalogue of the site anew."""
    catalogue.catalogue_rebuild()


@jobs.job(copies.REFRESH, lease_seconds=240)
def copies_refresh(package_id: int, **_event: object) -> None:
    """Tell the caches before the site what has changed of a package."""
    copies.copies_refresh(package_id)


@jobs.job(copies.CATALOGUE)
def catalogue_refresh(**_told: object) -> None:
    """Tell them that the catalogue has changed."""
    copies.catalogue_refresh()
