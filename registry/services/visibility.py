"""Public or private: who may know of a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from registry.domain.events import PackageChanged
from registry.models import Package, Version
from registry.services.access import ensure_can_manage
from registry.services.lifecycle import package_lock

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer


@transaction.atomic
def visibility_set(*, package: Package, is_private: bool, by: Viewer, revision: int | None = None) -> Package:
    """Show the package to everyone, or to its maintainers and its organization only; every version goes with it.

    Raises NotAllowed MP3011, MP3028, Stale MP3023. Setting what is set already changes nothing.
    """
    ensure_can_manage(by=by, package=package)
    package = package_lock(package.pk, revision=revision)
    if package.is_private == is_private:
        return package
    publisher = package.publisher
    tenant = {
        "is_private": is_private,
        "organization_id": publisher.organization_id if is_private else None,
        "owner_id": publisher.user_id if is_private else None,
    }
    Version.objects.filter(package=package).update(**tenant)
    Package.objects.filter(pk=package.pk).update(**tenant, revision=F("revision") + 1, updated_at=timezone.now())
    package.refresh_from_db()
    audit(
        Action.PACKAGE_VISIBILITY,
        by=by,
        kind="package",
        subject=package.public_id,
        name=package.full_name,
        organization_id=publisher.organization_id,
        data={"private": is_private},
    )
    emit(PackageChanged(package_id=package.pk))
    return package
