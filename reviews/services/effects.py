"""What decisions do: services of the apps that own the subjects, and what is needed to take them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marketplace.core.errors import Conflict
from marketplace.services.tokens import tokens_freeze
from registry.domain.states import SERVED, State, may_move
from registry.models import Collection, Package, Version
from registry.services.collections import collection_hide, collection_show
from registry.services.lifecycle import version_move
from registry.services.publishers import publisher_resume, publisher_suspend, publisher_user_ids
from registry.services.release import version_release
from reviews.domain.reasons import Effect
from reviews.models import Comment, Review
from reviews.services.bursts import burst_release, frozen_of
from reviews.services.cases import case_note
from reviews.services.comments import comment_hide, comment_show
from reviews.services.reviewing import review_hide, review_show

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Publisher
    from reviews.models import Case

VERSION_STATES = {
    Effect.REJECT: State.REJECTED,
    Effect.YANK: State.YANKED,
    Effect.QUARANTINE: State.QUARANTINED,
    Effect.REMOVE: State.REMOVED,
}
SILENT = frozenset({Effect.WARN, Effect.NONE})


def apply(*, effect: Effect, subject: Any, reason: str, by: Viewer) -> dict[str, Any]:
    """Do it in the caller's transaction; returns what `take_back` needs. Raises Conflict MP3020 for a moved subject."""
    if effect == Effect.NONE and isinstance(subject, Package):
        burst_release(package=subject, by=by)
    if effect in SILENT:
        return {}
    match subject:
        case Version():
            return _versions([subject], effect, reason, by)
        case Package():
            hides = effect == Effect.HIDE
            return _burst_hide(subject, by) if hides else _versions(_concerned(subject, effect), effect, reason, by)
        case Review() | Comment() | Collection():
            _show(subject, by, shown=effect != Effect.HIDE)
            return {"shown": effect == Effect.HIDE}
        case _:
            return _publisher(subject, effect, reason, by)


def take_back(*, case: Case, subject: Any, before: dict[str, Any], reason: str, by: Viewer) -> None:
    """Undo an effect as far as the state tables allow; what has moved on since stays where it is."""
    if "shown" in before:
        _show(subject, by, shown=before["shown"])
    elif before.get("suspended"):
        publisher_resume(publisher=subject, by=by)
    elif before.get("resumed"):
        publisher_suspend(publisher=subject, reason=reason, by=by)
    for review in Review.objects.filter(public_id__in=before.get("reviews", [])).order_by("pk"):
        review_show(review=review, by=by)
    for public_id, states in before.get("versions", {}).items():
        version = Version.objects.select_related("package__publisher").filter(public_id=public_id).first()
        if version is not None and version.state == states["after"]:
            _back(version, State(states["before"]), reason, by)
    if before.get("versions"):
        case_note(case=case, kind="incident:restored", by=by, text=reason)


def quarantine(*, subject: Any, reason: str, by: Viewer) -> dict[str, Any]:
    """Stop a package or version everywhere at once; its incident opens with it."""
    return apply(effect=Effect.QUARANTINE, subject=subject, reason=reason, by=by)


def _show(subject: Review | Comment | Collection, by: Viewer, *, shown: bool) -> None:
    match subject:
        case Review():
            (review_show if shown else review_hide)(review=subject, by=by)
        case Comment():
            (comment_show if shown else comment_hide)(comment=subject, by=by)
        case _:
            (collection_show if shown else collection_hide)(collection=subject, by=by)


def _burst_hide(package: Package, by: Viewer) -> dict[str, Any]:
    hidden = [str(review_hide(review=review, by=by).public_id) for review in frozen_of(package)]
    return {"reviews": hidden}


def _concerned(package: Package, effect: Effect) -> list[Version]:
    """The package's versions that the effect can move."""
    before = {
        Effect.QUARANTINE: SERVED,
        Effect.REMOVE: SERVED | {State.QUARANTINED, State.HELD},
        Effect.RESTORE: {State.QUARANTINED, State.REMOVED},
    }[effect]
    rows = package.versions.filter(state__in=before).select_related("package__publisher")
    return list(rows.order_by("sort_key"))


def _versions(versions: list[Version], effect: Effect, reason: str, by: Viewer) -> dict[str, Any]:
    moved: dict[str, dict[str, str]] = {}
    for version in versions:
        before = State(version.state)
        if effect in {Effect.APPROVE, Effect.RESTORE}:
            after = _restore(version, State.PUBLISHED, reason, by)
        else:
            after = VERSION_STATES[effect]
            version_move(version=version, after=after, by=by, reason=reason)
        moved[str(version.public_id)] = {"before": before.value, "after": after.value}
    return {"versions": moved}


def _restore(version: Version, after: State, reason: str, by: Viewer) -> State:
    """Back to where it may go; what was never published is signed and released as by the worker."""
    if after == State.PUBLISHED and version.published_at is None:
        if not version.artifacts.exists():
            raise Conflict("MP3020", {"before": version.state, "after": after})
        version_release(version=version, by=by)
        return State.PUBLISHED
    version_move(version=version, after=after, by=by, reason=reason)
    return after


def _back(version: Version, before: State, reason: str, by: Viewer) -> None:
    """To where it was; what was published in error and cannot be held again is stopped, and a rejection stays."""
    now = State(version.state)
    if may_move(now, before):
        _restore(version, before, reason, by)
    elif now == State.PUBLISHED:
        version_move(version=version, after=State.QUARANTINED, by=by, reason=reason)


def _publisher(publisher: Publisher, effect: Effect, reason: str, by: Viewer) -> dict[str, Any]:
    if effect == Effect.RESTORE:
        was_suspended = publisher.suspended_at is not None
        publisher_resume(publisher=publisher, by=by)
        return {"resumed": was_suspended}
    if effect == Effect.SUSPEND:
        publisher_suspend(publisher=publisher, reason=reason, by=by)
    frozen = tokens_freeze(user_ids=publisher_user_ids(publisher), by=by)
    return {"suspended": effect == Effect.SUSPEND, "tokens": frozen}
