"""Collections and what is in them: always for a viewer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from marketplace.core.errors import NotFound
from marketplace.domain.roles import ALLOWED, Permission
from registry.domain.collections import Shown, Visibility, strip_together
from registry.models import Collection, CollectionEntry
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

    from marketplace.domain.viewer import Viewer
    from registry.models import Package

NOBODY = 0


@dataclass(frozen=True, slots=True)
class Shelf:
    """A collection as one item of a list; numbers and strip are of the packages that the viewer may see."""

    collection: Collection
    count: int
    tokens: int
    strip: str


def collections_visible_to(viewer: Viewer) -> QuerySet[Collection]:
    """Collections that the viewer may open with their address; hidden ones are theirs who own them, and moderators'."""
    rows = Collection.objects.exclude(state=Shown.DELETED).select_related("owner", "organization")
    if viewer.is_system or viewer.is_moderator:
        return rows
    shown = Q(state=Shown.SHOWN) & ~Q(visibility=Visibility.PRIVATE)
    return rows.filter(shown | held_by(viewer))


def collections_listed() -> QuerySet[Collection]:
    """Public collections that have something in them: the editors' first, then the latest changed."""
    rows = Collection.objects.filter(visibility=Visibility.PUBLIC, state=Shown.SHOWN, entries__isnull=False)
    return rows.select_related("owner", "organization").distinct().order_by("-is_editorial", "-updated_at", "-id")


def held_by(viewer: Viewer) -> Q:
    """The condition on collections: the viewer's own and those of their organizations."""
    return Q(owner_id=viewer.user_id or NOBODY) | Q(organization_id__in=viewer.organization_ids)


def changeable_by(viewer: Viewer) -> Q:
    """The condition on collections: the viewer's own, those of organizations that they manage, the editors' too."""
    managed = [pk for pk, role in viewer.roles.items() if Permission.MANAGE in ALLOWED[role]]
    theirs = Q(owner_id=viewer.user_id or NOBODY) | Q(organization_id__in=managed)
    return theirs | Q(is_editorial=True) if viewer.is_moderator else theirs


def collections_of(viewer: Viewer) -> QuerySet[Collection]:
    """The viewer's own and those of their organizations, by title."""
    return _by_title(held_by(viewer))


def collections_changeable_by(viewer: Viewer) -> QuerySet[Collection]:
    """Those that the viewer may change: the editors' first, by title."""
    return _by_title(changeable_by(viewer))


def collections_near(viewer: Viewer) -> QuerySet[Collection]:
    """Those that the viewer holds or may change: the editors' first, by title."""
    return _by_title(held_by(viewer) | changeable_by(viewer))


def collections_with(package: Package) -> QuerySet[Collection]:
    """The public collections that the package stands in: the editors' first, then the latest changed."""
    return collections_listed().filter(pk__in=CollectionEntry.objects.filter(package=package).values("collection"))


def _by_title(condition: Q) -> QuerySet[Collection]:
    rows = Collection.objects.filter(condition).exclude(state=Shown.DELETED)
    return rows.select_related("owner", "organization").order_by("-is_editorial", "title", "id")


def may_change(viewer: Viewer, collection: Collection) -> bool:
    """Whether the viewer changes it: theirs, their organization's to manage, or the editors' and they moderate."""
    if viewer.is_system:
        return True
    if collection.is_editorial:
        return viewer.is_moderator
    if collection.organization_id is not None:
        return viewer.may_in(collection.organization_id, Permission.MANAGE)
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
