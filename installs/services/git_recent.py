"""What git addresses offered a moment ago: a client may come back for it after a change, on any machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from installs.services.git_states import state_of
from installs.services.grants import granted
from registry.models import Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from installs.domain.gittree import GitState
    from installs.services.git_states import Served

log = structlog.get_logger(__name__)
SECONDS = 600
MOST = 8


def remember(served: Served, digest: str) -> None:
    """Keep which versions make up the state, for as long as a client that has seen it may ask for its bytes."""
    key = f"git:recent:{served.key}"
    versions = [version.pk for version in served.versions]
    releases = [version.pk for version in served.releases]
    try:
        others = [item for item in cache.get(key, []) if item[0] != digest]
        cache.set(key, [[digest, versions, releases], *others][:MOST], SECONDS)
    except RedisError as error:
        log.warning("git.remember_failed", error=str(error))


def former(served: Served, digest: str) -> Iterator[GitState]:
    """States of before, newest first, of which every version may still be given out; `digest` is the present one.

    So what moderators take away, or an owner makes private, is gone from all of them at once.
    """
    try:
        known = cache.get(f"git:recent:{served.key}", [])
    except RedisError as error:
        log.warning("git.recall_failed", error=str(error))
        return
    for before, versions, releases in known:
        if before == digest:
            continue
        rows = Version.objects.select_related("package__publisher").in_bulk({*versions, *releases})
        if len(rows) < len({*versions, *releases}) or len(granted(served.viewer, rows.values())) < len(rows):
            continue
        state = state_of(served.shelf, [rows[pk] for pk in versions], [rows[pk] for pk in releases])
        if state.digest == before:
            yield state
