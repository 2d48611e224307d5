"""Dist-tags: names that point to versions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import transaction

from marketplace.core.errors import Conflict, Invalid, NotFound
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from registry.domain.events import PackageChanged
from registry.domain.states import State
from registry.models import DistTag, Package, Version
from registry.services.access import ensure_can_change
from registry.services.lifecycle import latest_settle, package_lock

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

TAG = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,63}")
VERSION_LIKE = re.compile(r"[vV]?[0-9xX*]+(\.[0-9xX*]+)*")


def ensure_tag(tag: str) -> None:
    """Raise Invalid MP3016 for a tag that could be read as a version or a range."""
    if not TAG.fullmatch(tag) or VERSION_LIKE.fullmatch(tag):
        raise Invalid("MP3016", {"tag": tag[:64]})


@transaction.atomic
def tag_set(*, package: Package, tag: str, version: Version, by: Viewer, revision: int | None = None) -> None:
    """Point `tag` to a published version; raises Invalid MP3016, NotAllowed MP3011, Conflict MP3020, Stale MP3023."""
    ensure_can_change(by=by, package=package)
    ensure_tag(tag)
    package = package_lock(package.pk, revision=revision)
    version = package.versions.get(pk=version.pk)
    if version.state != State.PUBLISHED:
        raise Conflict("MP3020", {"before": version.state, "after": tag})
    DistTag.objects.update_or_create(package=package, name=tag, defaults={"version": version})
    _tell(package, by, Action.TAG_SET, {"tag": tag, "number": version.number})


@transaction.atomic
def tag_remove(*, package: Package, tag: str, by: Viewer, revision: int | None = None) -> None:
    """Forget `tag`; raises Invalid MP3017 for `latest`, NotFound MP3018, NotAllowed MP3011, Stale MP3023."""
    ensure_can_change(by=by, package=package)
    if tag == "latest":
        raise Invalid("MP3017")
    package = package_lock(package.pk, revision=revision)
    deleted, _ = DistTag.objects.filter(package=package, name=tag).delete()
    if not deleted:
        raise NotFound("MP3018", {"name": package.full_name, "tag": tag})
    _tell(package, by, Action.TAG_REMOVE, {"tag": tag})


def _tell(package: Package, by: Viewer, action: Action, data: dict[str, str]) -> None:
    audit(
        action,
        by=by,
        kind="package",
        subject=package.public_id,
        name=package.full_name,
        organization_id=package.organization_id,
        data=data,
    )
    latest_settle(package)
    emit(PackageChanged(package_id=package.pk))
