"""A version's moves: by the state table only, locked, audited, told to everyone who shows it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from marketplace.core.errors import Conflict, Stale
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from registry.domain.events import VersionChanged
from registry.domain.states import State, may_move
from registry.models import DistTag, Package, Version
from registry.services.access import ensure_can_change

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

ACTIONS: dict[State, Action] = {
    State.PUBLISHED: Action.VERSION_PUBLISH,
    State.HELD: Action.VERSION_HOLD,
    State.REJECTED: Action.VERSION_REJECT,
    State.YANKED: Action.VERSION_YANK,
    State.QUARANTINED: Action.VERSION_QUARANTINE,
    State.REMOVED: Action.VERSION_REMOVE,
    State.UNPUBLISHED: Action.VERSION_UNPUBLISH,
}


@transaction.atomic
def version_move(
    *,
    version: Version,
    after: State,
    by: Viewer,
    reason: str = "",
    revision: int | None = None,
    only_from: State | None = None,
) -> Version:
    """Bring the version into state `after`; raises Conflict MP3020 when the table has no such move, Stale MP3023.

    With `only_from`, moves from other states are refused although the table has them.

    Who may is the caller's question: this is what the worker, maintainers and moderators share.
    """
    package = package_lock(version.package_id, revision=revision)
    version = Version.objects.select_for_update(of=("self",)).filter(pk=version.pk)[0]
    before = State(version.state)
    if not may_move(before, after) or only_from not in {None, before}:
        raise Conflict("MP3020", {"before": before, "after": after})
    version.state, version.state_reason = after, reason[:300]
    version.save(update_fields=["state", "state_reason"])
    action = Action.VERSION_RESTORE if before == State.YANKED and after == State.PUBLISHED else ACTIONS.get(after)
    if action is not None:
        audit(
            action,
            by=by,
            kind="version",
            subject=version.public_id,
            name=f"{package.full_name}@{version.number}",
            organization_id=version.organization_id,
            data={"before": before, "after": after, "reason": reason},
        )
    if after == State.PUBLISHED:
        latest_raise(version)
    latest_settle(package)
    emit(VersionChanged(version_id=version.pk, package_id=package.pk, state=after))
    return version


def package_lock(pk: int, *, revision: int | None = None) -> Package:
    """The package's row, locked: every write to a package or its versions begins with it (deadlock order).

    Raises Stale MP3023 when the caller read another `revision` than the present one.
    """
    package = Package.objects.select_for_update(of=("self",)).select_related("publisher").filter(pk=pk)[0]
    if revision is not None and package.revision != revision:
        raise Stale("MP3023", {"name": package.full_name})
    return package


def latest_raise(version: Version) -> None:
    """Point `latest` to a version that is (again) published under it, unless it points to a higher one."""
    tags = DistTag.objects.filter(package_id=version.package_id)
    latest = tags.filter(name="latest").select_related("version").first()
    rises = latest is None or latest.version.state != State.PUBLISHED or latest.version.sort_key < version.sort_key
    is_stable_enough = latest is None or latest.version.is_prerelease or not version.is_prerelease
    if latest is None or (version.tag == "latest" and rises and is_stable_enough):
        DistTag.objects.update_or_create(package_id=version.package_id, name="latest", defaults={"version": version})


def latest_settle(package: Package) -> None:
    """Point `latest` (and the listing) to a published version, `shared` to a settled one; raise the revision."""
    tag = DistTag.objects.filter(package=package, name="latest").select_related("version").first()
    chosen = tag.version if tag and tag.version.state == State.PUBLISHED else None
    if chosen is None:
        published = package.versions.filter(state=State.PUBLISHED)
        chosen = (
            published.filter(is_prerelease=False).order_by("-sort_key").first()
            or published.order_by("-sort_key").first()
        )
        if chosen is not None:
            DistTag.objects.update_or_create(package=package, name="latest", defaults={"version": chosen})
        elif tag is not None and tag.version.state in {State.UNPUBLISHED, State.REMOVED}:
            tag.delete()
    DistTag.objects.filter(package=package, version__state__in=[State.UNPUBLISHED, State.REMOVED]).delete()
    facts = listing_facts(chosen) if chosen is not None and chosen.pk != package.latest_id else {}
    Package.objects.filter(pk=package.pk).update(
        latest=chosen, shared=_shared(package, chosen), revision=F("revision") + 1, updated_at=timezone.now(), **facts
    )
    package.refresh_from_db()


def _shared(package: Package, latest: Version | None) -> Version | None:
    """What addresses serve that know nobody: the newest settled version that is not above `latest`."""
    if latest is None or latest.is_settled:
        return latest
    settled = package.versions.filter(state=State.PUBLISHED, is_settled=True, sort_key__lte=latest.sort_key)
    return settled.order_by("is_prerelease", "-sort_key").first()


def listing_facts(version: Version) -> dict[str, object]:
    """What the listing says, taken from its newest version."""
    manifest = version.manifest
    return {
        "title": str(manifest.get("title") or "")[:120],
        "summary": str(manifest.get("summary") or "")[:300],
        "licence": str(manifest.get("license") or "")[:80],
        "homepage": _address(manifest.get("homepage")),
        "repository": _address(manifest.get("repository")),
        "keywords": [str(word)[:50] for word in (manifest.get("keywords") or [])[:30]],
    }


def _address(value: object) -> str:
    text = str(value or "")
    return text if text.startswith(("https://", "http://")) and len(text) <= 300 else ""  # noqa: PLR2004  (the column)


@transaction.atomic
def version_yank(*, version: Version, by: Viewer, reason: str = "", revision: int | None = None) -> Version:
    """Nobody new gets it; who names it still does. Raises NotAllowed MP3011, Conflict MP3020, Stale MP3023."""
    ensure_can_change(by=by, package=version.package)
    return version_move(version=version, after=State.YANKED, by=by, reason=reason, revision=revision)


@transaction.atomic
def version_restore(*, version: Version, by: Viewer, revision: int | None = None) -> Version:
    """Take a yank back; raises NotAllowed MP3011, Conflict MP3020, Stale MP3023."""
    ensure_can_change(by=by, package=version.package)
    return version_move(version=version, after=State.PUBLISHED, by=by, revision=revision, only_from=State.YANKED)


@transaction.atomic
def version_unpublish(*, version: Version, by: Viewer, revision: int | None = None) -> Version:
    """Take it away for good, within UNPUBLISH_HOURS and while nothing depends on it; the number is never given again.

    Raises NotAllowed MP3011, Conflict MP3020, MP3021, MP3022, Stale MP3023.
    """
    package = version.package
    ensure_can_change(by=by, package=package)
    since = version.published_at or version.received_at
    if timezone.now() - since > timedelta(hours=settings.UNPUBLISH_HOURS):
        values = {"name": package.full_name, "number": version.number, "hours": settings.UNPUBLISH_HOURS}
        raise Conflict("MP3021", values)
    if count := dependents(package).count():
        raise Conflict("MP3022", {"name": package.full_name, "count": count})
    return version_move(version=version, after=State.UNPUBLISHED, by=by, revision=revision)


def dependents(package: Package) -> QuerySet[Package]:
    """Other packages whose newest version requires this one, by full name or by bare name of the same publisher.

    Those that the viewer may not know of do not count: the refusal would tell of them.
    """
    named = Q(latest__manifest__requires__contains=[{"name": package.full_name}])
    sibling = Q(publisher_id=package.publisher_id, latest__manifest__requires__contains=[{"name": package.name}])
    return Package.objects.filter(named | sibling).exclude(pk=package.pk)


@transaction.atomic
def version_deprecate(*, version: Version, message: str, by: Viewer, revision: int | None = None) -> Version:
    """Warn whoever installs it; an empty message takes the warning back. Raises NotAllowed MP3011, Stale MP3023."""
    ensure_can_change(by=by, package=version.package)
    package = package_lock(version.package_id, revision=revision)
    version = Version.objects.select_for_update(of=("self",)).get(pk=version.pk)
    version.deprecated = message[:500]
    version.save(update_fields=["deprecated"])
    audit(
        Action.VERSION_DEPRECATE,
        by=by,
        kind="version",
        subject=version.public_id,
        name=f"{package.full_name}@{version.number}",
        organization_id=version.organization_id,
        data={"message": message[:500]},
    )
    latest_settle(package)
    emit(VersionChanged(version_id=version.pk, package_id=package.pk, state=version.state))
    return version
