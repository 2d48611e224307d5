"""The background jobs of installs."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from installs.services import downloads
from marketplace.core import tenancy
from registry.services.search import popularity_push


@shared_task(name="installs.partitions_ensure")
def partitions_ensure() -> None:
    """Make the coming week's partitions."""
    downloads.partitions_ensure()


@shared_task(name="installs.downloads_roll_up")
def downloads_roll_up() -> None:
    """Count today and yesterday."""
    with tenancy.bound(tenancy.SYSTEM):
        today = timezone.now().date()
        for day in (today - timedelta(days=1), today):
            downloads.downloads_roll_up(day)
        popularity_push(downloads.month_counts())
