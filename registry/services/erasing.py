"""What the registry forgets of a person whose account has ended; published versions stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.collections import Shown
from registry.models import Collection, CollectionEntry, Follow, Import, PackageMaintainer, Version

if TYPE_CHECKING:
    from marketplace.domain.events import UserErased


def person_forget(event: UserErased) -> None:
    """Take the person's name off versions, out of maintainers; drop uploads and collections. Runs as the system."""
    Version.objects.filter(published_by_id=event.user_id).update(published_by=None, published_by_name="")
    PackageMaintainer.objects.filter(user_id=event.user_id).delete()
    Follow.objects.filter(user_id=event.user_id).delete()
    Import.objects.filter(user_id=event.user_id).delete()
    mine = Collection.objects.filter(owner_id=event.user_id)
    CollectionEntry.objects.filter(collection__in=mine).delete()
    mine.update(state=Shown.DELETED, owner=None, title="", description="")
