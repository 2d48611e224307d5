"""What a listing says beside its files: category, tags, support, security contact, clients it was tried with."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from marketplace.core.errors import Invalid
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from registry.domain.clients import Client
from registry.domain.events import PackageChanged
from registry.models import Package
from registry.services.access import ensure_can_change
from registry.services.lifecycle import package_lock

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

TAGS_MOST = 10


@dataclass(frozen=True, slots=True)
class Listing:
    """The fields of a listing; an empty category means: read it from the words."""

    category: str = ""
    tags: tuple[str, ...] = ()
    support_url: str = ""
    security_contact: str = ""
    tested_clients: tuple[str, ...] = ()


@transaction.atomic
def listing_change(*, package: Package, by: Viewer, listing: Listing) -> Package:
    """Write the listing; raises NotAllowed MP3011, Invalid MP9004."""
    ensure_can_change(by=by, package=package)
    if listing.category and listing.category not in Package.Category.values:
        raise Invalid("MP9004", {"reason": listing.category})
    if unknown := set(listing.tested_clients) - set(Client):
        raise Invalid("MP9004", {"reason": ", ".join(sorted(unknown))})
    if len(listing.tags) > TAGS_MOST:
        raise Invalid("MP9004", {"reason": f"at most {TAGS_MOST} tags"})
    locked = package_lock(package.pk)
    fields = {name: list(value) if isinstance(value, tuple) else value for name, value in asdict(listing).items()}
    Package.objects.filter(pk=locked.pk).update(revision=F("revision") + 1, **fields)
    audit(
        Action.PACKAGE_UPDATE,
        by=by,
        kind="package",
        subject=locked.public_id,
        name=locked.full_name,
        organization_id=locked.organization_id,
        data=fields,
    )
    emit(PackageChanged(package_id=locked.pk))
    locked.refresh_from_db()
    return locked
