"""A burst of reviews stops their counting until somebody has looked; nothing is deleted."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from reviews.domain.states import PostState
from reviews.models import Review
from reviews.services.cases import case_open
from reviews.services.ratings import rating_recompute

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
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
def burst_release(*, package: Package, by: Viewer) -> int:
    """Count what a burst had frozen; returns how many reviews. Who may is the case's question."""
    count = Review.objects.filter(package=package, state=PostState.FROZEN).update(state=PostState.SHOWN)
    if count:
        audit(
            Action.REVIEW_RELEASE,
            by=by,
            kind="package",
            subject=package.public_id,
            name=package.full_name,
            organization_id=package.organization_id,
            data={"count": count},
        )
        rating_recompute(package=package)
    return count


def frozen_of(package: Package) -> list[Review]:
    """The reviews that a burst has frozen."""
    return list(Review.objects.filter(package=package, state=PostState.FROZEN).select_related("package").order_by("pk"))
