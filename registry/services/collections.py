"""Writes collections: what they say, what is in them and in which order, and whether moderation shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound, Stale
from marketplace.domain.audit import Action
from marketplace.domain.roles import Permission
from marketplace.domain.viewer import Scope
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from registry.domain.collections import (
    ENTRIES_MOST,
    MOVES,
    NOTE_MOST,
    OWN_MOST,
    TITLE_MOST,
    Shown,
    Step,
    Visibility,
    moved,
    slug_plain,
    slug_unguessable,
)
from registry.domain.events import CollectionGrew
from registry.models import Collection, CollectionEntry
from registry.selectors.collections import entry_get, may_change

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from marketplace.models import Organization
    from registry.models import Package

DESCRIPTION_MOST = 1000


@dataclass(frozen=True, slots=True)
class Facts:
    """What a collection says of itself."""

    title: str
    description: str = ""
    visibility: str = Visibility.PUBLIC


@transaction.atomic
def collection_create(
    *, facts: Facts, by: Viewer, is_editorial: bool = False, organization: Organization | None = None
) -> Collection:
    """Start an empty collection: the viewer's own, their organization's, or (moderators only) the editors'.

    Raises NotAllowed MP9002, MP9003, MP3015, Invalid MP9004, Conflict MP3083.
    """
    _ensure_may_write(by)
    if is_editorial and not (by.is_moderator or by.is_system):
        raise NotAllowed("MP9003")
    if organization is not None and (is_editorial or not by.may_in(organization.pk, Permission.MANAGE)):
        raise NotAllowed("MP9003")
    facts = _checked(facts)
    holder = {"organization": organization} if organization else {"owner_id": None if is_editorial else by.user_id}
    if not is_editorial and Collection.objects.filter(**holder).exclude(state=Shown.DELETED).count() >= OWN_MOST:
        raise Conflict("MP3083", {"most": OWN_MOST})
    slug = slug_unguessable(facts.title)
    if is_editorial:
        slug = slug_plain(facts.title, Collection.objects.filter(is_editorial=True).values_list("slug", flat=True))
    collection = Collection.objects.create(
        slug=slug,
        title=facts.title,
        description=facts.description,
        visibility=facts.visibility,
        is_editorial=is_editorial,
        **holder,
    )
    _tell(Action.COLLECTION_CREATE, collection, by, visibility=facts.visibility)
    return collection


@transaction.atomic
def collection_change(*, collection: Collection, facts: Facts, by: Viewer, revision: int | None = None) -> Collection:
    """Say it anew; raises NotAllowed MP9002, MP3015, MP3081, Invalid MP9004, Stale MP3023."""
    facts = _checked(facts)
    locked = _locked(collection, by, revision)
    locked.title, locked.description, locked.visibility = facts.title, facts.description, facts.visibility
    locked.revision += 1
    locked.save(update_fields=["title", "description", "visibility", "revision", "updated_at"])
    _tell(Action.COLLECTION_UPDATE, locked, by, visibility=facts.visibility)
    return locked


@transaction.atomic
def collection_delete(*, collection: Collection, by: Viewer, revision: int | None = None) -> None:
    """End it for good; its addresses answer 404. Raises NotAllowed MP9002, MP3015, MP3081, Stale MP3023."""
    locked = _locked(collection, by, revision)
    locked.entries.all().delete()
    _move(locked, Shown.DELETED, by, Action.COLLECTION_DELETE)


@transaction.atomic
def entry_put(
    *, collection: Collection, package: Package, by: Viewer, note: str = "", revision: int | None = None
) -> CollectionEntry:
    """Put the package last, or write the note of the one that is in; `package` is one that `by` may see.

    Raises NotAllowed MP9002, MP3015, MP3081, Invalid MP9004, Conflict MP3082, Stale MP3023.
    """
    note = " ".join(note.split())
    if len(note) > NOTE_MOST:
        raise Invalid("MP9004", {"reason": f"note: at most {NOTE_MOST} characters"})
    locked = _locked(collection, by, revision)
    entry = locked.entries.filter(package=package).first()
    if entry is None:
        places = list(locked.entries.values_list("position", flat=True))
        if len(places) >= ENTRIES_MOST:
            raise Conflict("MP3082", {"most": ENTRIES_MOST})
        entry = locked.entries.create(package=package, position=max(places, default=0) + 1, note=note)
        emit(CollectionGrew(collection_id=locked.pk, package_id=package.pk, user_id=by.user_id))
    elif entry.note != note:
        entry.note = note
        entry.save(update_fields=["note"])
    _touch(locked, by, put=package.full_name)
    return entry


@transaction.atomic
def entry_remove(*, collection: Collection, full_name: str, by: Viewer, revision: int | None = None) -> None:
    """Take the package out; raises NotAllowed MP9002, MP3015, MP3081, NotFound MP3084, Stale MP3023."""
    locked = _locked(collection, by, revision)
    entry_get(locked, full_name).delete()
    _touch(locked, by, removed=full_name)


@transaction.atomic
def entry_move(*, collection: Collection, full_name: str, step: Step, by: Viewer, revision: int | None = None) -> None:
    """Move the package in the order; raises NotAllowed MP9002, MP3015, MP3081, NotFound MP3084, Stale MP3023."""
    locked = _locked(collection, by, revision)
    key = entry_get(locked, full_name).pk
    _reorder(locked, moved(list(locked.entries.order_by("position").values_list("pk", flat=True)), key, step))
    _touch(locked, by, moved=full_name)


@transaction.atomic
def entries_order(*, collection: Collection, full_names: list[str], by: Viewer, revision: int | None = None) -> None:
    """Put the named packages first, in this order; the others keep theirs behind them.

    Raises NotAllowed MP9002, MP3015, MP3081, NotFound MP3084, Stale MP3023.
    """
    locked = _locked(collection, by, revision)
    known = dict(locked.entries.order_by("position").values_list("package__full_name", "pk"))
    for name in full_names:
        if name not in known:
            raise NotFound("MP3084", {"name": name})
    _reorder(locked, list(dict.fromkeys([known[name] for name in full_names] + list(known.values()))))
    _touch(locked, by, ordered=len(full_names))


@transaction.atomic
def collection_hide(*, collection: Collection, by: Viewer) -> Collection:
    """Moderation takes it off the site: its owner still sees it. Who may is the caller's question."""
    locked = Collection.objects.select_for_update().get(pk=collection.pk)
    _move(locked, Shown.HIDDEN, by, Action.COLLECTION_HIDE)
    return locked


@transaction.atomic
def collection_show(*, collection: Collection, by: Viewer) -> Collection:
    """Moderation shows it again; one that is shown stays so."""
    locked = Collection.objects.select_for_update().get(pk=collection.pk)
    if locked.state != Shown.SHOWN:
        _move(locked, Shown.SHOWN, by, Action.COLLECTION_SHOW)
    return locked


def _ensure_may_write(by: Viewer) -> None:
    if by.is_anonymous:
        raise NotAllowed("MP9002")
    if not by.may_use(Scope.PUBLISH):
        raise NotAllowed("MP3015")


def _checked(facts: Facts) -> Facts:
    title = " ".join(facts.title.split())
    if not title or len(title) > TITLE_MOST:
        raise Invalid("MP9004", {"reason": f"title: 1 to {TITLE_MOST} characters"})
    if len(facts.description) > DESCRIPTION_MOST:
        raise Invalid("MP9004", {"reason": f"description: at most {DESCRIPTION_MOST} characters"})
    if facts.visibility not in list(Visibility):
        raise Invalid("MP9004", {"reason": f"visibility is none of {', '.join(Visibility)}"})
    return Facts(title, facts.description.strip(), facts.visibility)


def _locked(collection: Collection, by: Viewer, revision: int | None) -> Collection:
    _ensure_may_write(by)
    if not may_change(by, collection):
        raise NotAllowed("MP3081", {"name": collection.title})
    locked = Collection.objects.select_for_update().exclude(state=Shown.DELETED).filter(pk=collection.pk).first()
    if locked is None:
        raise NotFound("MP3080", {"name": collection.slug})
    if revision is not None and locked.revision != revision:
        raise Stale("MP3023", {"name": locked.title})
    return locked


def _move(collection: Collection, after: Shown, by: Viewer, action: Action) -> None:
    """Along the table of states; raises NotFound MP3080 for what has ended or is there already."""
    if after not in MOVES[Shown(collection.state)]:
        raise NotFound("MP3080", {"name": collection.slug})
    collection.state = after
    collection.save(update_fields=["state", "updated_at"])
    _tell(action, collection, by)


def _reorder(collection: Collection, keys: list[int]) -> None:
    rows = collection.entries.in_bulk(keys)
    for place, key in enumerate(keys, start=1):
        rows[key].position = place
    CollectionEntry.objects.bulk_update(rows.values(), ["position"])


def _touch(collection: Collection, by: Viewer, **data: object) -> None:
    Collection.objects.filter(pk=collection.pk).update(revision=F("revision") + 1, updated_at=timezone.now())
    _tell(Action.COLLECTION_ENTRY, collection, by, **data)


def _tell(action: Action, collection: Collection, by: Viewer, **data: object) -> None:
    audit(
        action,
        by=by,
        kind="collection",
        subject=collection.public_id,
        name=collection.slug,
        organization_id=collection.organization_id,
        data=data,
    )
