"""What git addresses offered a moment ago: a client may come back for it after a change, on any machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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


def remember(served: Served) -> None:
    """Keep which versions make up the state, for as long as a client that has seen it may ask for its bytes."""
    key, digest = f"git:recent:{served.key}", served.digest
    try:
        others = [before for before in cache.get(key, []) if before != digest]
        if not cache.touch(f"git:state:{digest}", SECONDS):
            versions, releases = ([version.pk for version in row] for row in (served.versions, served.releases))
            cache.set(f"git:state:{digest}", [versions, releases], SECONDS)
        cache.set(key, [digest, *others][:MOST], SECONDS)
    except RedisError as error:
        log.warning("git.remember_failed", error=str(error))


def former(served: Served) -> Iterator[GitState]:
    """States of before, newest first, of which every version may still be given out.

    So what moderators take away, or an owner makes private, is gone from all of them at once.
    """
    for before in _recalled(f"git:recent:{served.key}") or ():
        made_of = _recalled(f"git:state:{before}") if before != served.digest else None
        if made_of is None:
            continue
        versions, releases = made_of
        rows = Version.objects.select_related("package__publisher").in_bulk({*versions, *releases})
        if len(rows) < len({*versions, *releases}) or len(granted(served.viewer, rows.values())) < len(rows):
            continue
        state = state_of(served.shelf, [rows[pk] for pk in versions], [rows[pk] for pk in releases])
        if state.digest == before:
            yield state


def _recalled(key: str) -> Any:
    try:
        return cache.get(key)
    except RedisError as error:
        log.warning("git.recall_failed", error=str(error))
        return None
