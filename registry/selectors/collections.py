"""Collections and what is in them: always for a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from marketplace.core.errors import NotFound
from registry.domain.collections import Shown, Visibility, strip_together
from registry.models import Collection, CollectionEntry
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from marketplace.domain.viewer import Viewer

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """A collection as one item of a list; numbers and strip are of the packages that the viewer may see."""

    collection: Collection
    count: int
    tokens: int
    strip: str


def collections_visible_to(viewer: Viewer) -> QuerySet[Collection]:
    """Collections that the viewer may open with their address; hidden ones are their owner's and moderators' alone."""
    rows = Collection.objects.exclude(state=Shown.DELETED).select_related("owner")
    if viewer.is_system or viewer.is_moderator:
        return rows
    shown = Q(state=Shown.SHOWN) & ~Q(visibility=Visibility.PRIVATE)
    return rows.filter(shown | Q(owner_id=viewer.user_id or NOBODY))


def collections_listed() -> QuerySet[Collection]:
    """Public collections that have something in them: the editors' first, then the latest changed."""
    rows = Collection.objects.filter(visibility=Visibility.PUBLIC, state=Shown.SHOWN, entries__isnull=False)
    return rows.select_related("owner").distinct().order_by("-is_editorial", "-updated_at", "-id")


def collections_of(viewer: Viewer) -> QuerySet[Collection]:
    """The viewer's own, by title."""
    mine = Collection.objects.filter(owner_id=viewer.user_id or NOBODY).exclude(state=Shown.DELETED)
    return mine.select_related("owner").order_by("title", "id")


def collections_changeable_by(viewer: Viewer) -> QuerySet[Collection]:
    """The viewer's own, and the editors' for moderators; by title."""
    if not viewer.is_moderator:
        return collections_of(viewer)
    rows = Collection.objects.filter(Q(is_editorial=True) | Q(owner_id=viewer.user_id or NOBODY))
    rows = rows.exclude(state=Shown.DELETED)
    return rows.select_related("owner").order_by("-is_editorial", "title", "id")


def may_change(viewer: Viewer, collection: Collection) -> bool:
    """Whether the viewer changes the collection: it is theirs, or the editors' and they moderate."""
    if viewer.is_system:
        return True
    if collection.is_editorial:
        return viewer.is_moderator
    return viewer.user_id is not None and collection.owner_id == viewer.user_id


def collection_get(viewer: Viewer, slug: str) -> Collection:
    """The collection at this address; raises NotFound MP3080."""
    found = collections_visible_to(viewer).filter(slug=slug).first()
    if found is None:
        raise NotFound("MP3080", {"name": slug})
    return found


def entries_of(viewer: Viewer, collection: Collection) -> QuerySet[CollectionEntry]:
    """What is in the collection and may be seen by the viewer, in order."""
    joined = ("package__publisher", "package__latest", "package__shared")
    visible = packages_visible_to(viewer).values("pk")
    return collection.entries.filter(package__in=visible).select_related(*joined).order_by("position")


def entry_get(collection: Collection, full_name: str) -> CollectionEntry:
    """The entry of a package, whoever may see it; raises NotFound MP3084."""
    entry = collection.entries.select_related("package__publisher").filter(package__full_name=full_name).first()
    if entry is None:
        raise NotFound("MP3084", {"name": full_name})
    return entry


def shelves(viewer: Viewer, collections: Iterable[Collection]) -> list[Shelf]:
    """The collections as items of a list, in their order; one query for what is in all of them."""
    listed = list(collections)
    held: dict[int, list[tuple[str, int]]] = {collection.pk: [] for collection in listed}
    visible = packages_visible_to(viewer).values("pk")
    rows = CollectionEntry.objects.filter(collection__in=listed, package__in=visible)
    for pk, strip, tokens in rows.values_list(
        "collection_id", "package__latest__strip", "package__latest__tokens_always"
    ):
        held[pk].append((strip or "", tokens or 0))
    return [
        Shelf(
            collection,
            len(held[collection.pk]),
            sum(tokens for _strip, tokens in held[collection.pk]),
            strip_together(strip for strip, _tokens in held[collection.pk]),
        )
        for collection in listed
    ]
