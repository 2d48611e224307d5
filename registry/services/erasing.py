"""What the registry forgets of a person whose account has ended; published versions stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.collections import Shown
from registry.models import Collection, CollectionEntry, Follow, Import, PackageMaintainer, Version

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from marketplace.domain.events import OrganizationEnded, UserErased


def person_forget(event: UserErased) -> None:
    """Take the person's name off versions, out of maintainers; drop uploads and collections. Runs as the system."""
    Version.objects.filter(published_by_id=event.user_id).update(published_by=None, published_by_name="")
    PackageMaintainer.objects.filter(user_id=event.user_id).delete()
    Follow.objects.filter(user_id=event.user_id).delete()
    Import.objects.filter(user_id=event.user_id).delete()
    _collections_end(Collection.objects.filter(owner_id=event.user_id))


def organization_forget(event: OrganizationEnded) -> None:
    """Its collections go with it. Runs as the system."""
    _collections_end(Collection.objects.filter(organization_id=event.organization_id))


def _collections_end(mine: QuerySet[Collection]) -> None:
    CollectionEntry.objects.filter(collection__in=mine).delete()
    mine.update(state=Shown.DELETED, owner=None, organization=None, title="", description="")
