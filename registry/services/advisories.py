"""Advisories: what audits of npm clients warn of, opened and narrowed by moderation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from registry.domain.advisories import range_with, range_without
from registry.domain.states import State
from registry.models import Advisory, Package

if TYPE_CHECKING:
    from uuid import UUID

    from marketplace.domain.viewer import Viewer

STOPPED = frozenset({State.QUARANTINED, State.REMOVED})


@transaction.atomic
def advisory_open(*, package: Package, number: str, title: str, severity: str, reference: UUID, by: Viewer) -> Advisory:
    """Warn of version `number` in the open advisory of this case, or in a new one; who may is the caller's question."""
    Package.objects.select_for_update(of=("self",)).get(pk=package.pk)
    advisory = package.advisories.filter(reference=reference, withdrawn_at=None).first()
    if advisory is None:
        advisory = Advisory.objects.create(
            package=package,
            title=title[:200],
            severity=severity,
            vulnerable=number,
            reference=reference,
            published_by_id=by.user_id,
        )
        _audit(Action.ADVISORY_PUBLISH, advisory, package, by)
        return advisory
    wider = range_with(advisory.vulnerable, number)
    if wider != advisory.vulnerable:
        advisory.vulnerable = wider
        advisory.save(update_fields=["vulnerable"])
        _audit(Action.ADVISORY_CHANGE, advisory, package, by)
    return advisory


@transaction.atomic
def advisories_settle(*, package: Package, number: str, by: Viewer) -> None:
    """Warn of version `number` no more, since it is given out again; an advisory about nothing else is withdrawn."""
    is_clean = not package.versions.filter(state__in=STOPPED).exists()
    for advisory in package.advisories.select_for_update().filter(reference__isnull=False, withdrawn_at=None):
        left = "" if is_clean else range_without(advisory.vulnerable, number)
        if left == advisory.vulnerable:
            continue
        advisory.vulnerable = left or advisory.vulnerable
        advisory.withdrawn_at = None if left else timezone.now()
        advisory.save(update_fields=["vulnerable", "withdrawn_at"])
        _audit(Action.ADVISORY_CHANGE, advisory, package, by)


def _audit(action: Action, advisory: Advisory, package: Package, by: Viewer) -> None:
    audit(
        action,
        by=by,
        kind="advisory",
        subject=advisory.public_id,
        name=package.full_name,
        organization_id=package.organization_id,
        data={"vulnerable": advisory.vulnerable, "withdrawn": advisory.withdrawn_at is not None},
    )
