"""From what an address offers to the repository on this machine."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from installs.clients.gitstore import git_store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from installs.clients.gitstore import Repository
    from installs.domain.gittree import GitState
    from installs.services.git_states import Served


def repository_open(current: Served, want: str | None, former: Callable[[], Iterable[GitState]]) -> Repository:
    """The current state's repository, or a former one when only that has the wanted object; the caller closes it.

    A former state is wanted by a client whose two requests saw a change between them; `former` is asked only then.
    """
    store = git_store()
    now = store.open(current.digest, lambda: current.state)
    if want is None or now.has(want):
        return now
    for state in former():
        before = store.open(state.digest, partial(_same, state))
        if before.has(want):
            now.close()
            return before
        before.close()
    return now


def _same(state: GitState) -> GitState:
    return state
