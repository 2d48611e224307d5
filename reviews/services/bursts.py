"""A burst of reviews stops their counting until somebody has looked; nothing is deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from reviews.domain.states import PostState
from reviews.models import Review
from reviews.services.cases import case_open

if TYPE_CHECKING:
    from registry.models import Package

WINDOW = timedelta(hours=1)
ALWAYS_ALLOWED = 10
TIMES_USUAL = 10
USUAL_DAYS = 30
RISK = 40


@transaction.atomic
def burst_check(*, package: Package) -> bool:
    """Freeze the last hour's reviews and open a case when far more came than usual; True when it did."""
    since = timezone.now() - WINDOW
    recent = Review.objects.filter(package=package, created_at__gt=since)
    fresh = recent.filter(state=PostState.SHOWN).count()
    before = Review.objects.filter(
        Q(created_at__lte=since) & Q(created_at__gt=since - timedelta(days=USUAL_DAYS)), package=package
    ).count()
    usual_an_hour = before / (USUAL_DAYS * 24)
    frozen = recent.filter(state=PostState.FROZEN).exists()
    if not frozen and recent.count() <= max(ALWAYS_ALLOWED, usual_an_hour * TIMES_USUAL):
        return False
    if fresh:
        recent.filter(state=PostState.SHOWN).update(state=PostState.FROZEN)
    case_open(
        subject=package, source="burst", risk=RISK, note=f"{recent.count()} reviews in an hour, {before} in a month"
    )
    return True


@transaction.atomic
def burst_release(*, package: Package) -> int:
    """Count what a burst had frozen; returns how many reviews."""
    return Review.objects.filter(package=package, state=PostState.FROZEN).update(state=PostState.SHOWN)
