"""Whose rows the database shows: the scope of the running request or task, set on its connection.

Row-level security reads three settings of the connection: `market.user`, `market.organizations`, `market.system`.
A connection without them shows public rows only.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import connections

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Scope:
    """Who runs the queries: a user with organizations, or the system itself."""

    user_id: int | None = None
    organization_ids: tuple[int, ...] = ()
    system: bool = False

    @property
    def settings(self) -> tuple[str, str, str]:
        """The values of market.user, market.organizations and market.system."""
        organizations = ",".join(map(str, self.organization_ids))
        return ("" if self.user_id is None else str(self.user_id), organizations, "on" if self.system else "")


PUBLIC = Scope()
SYSTEM = Scope(system=True)
current: ContextVar[Scope] = ContextVar("tenancy_scope", default=PUBLIC)


def bind(scope: Scope) -> None:
    """Run all further queries of this thread as `scope`."""
    current.set(scope)
    for connection in connections.all(initialized_only=True):
        apply = getattr(connection, "apply_scope", None)
        if apply is not None:
            apply()


@contextmanager
def bound(scope: Scope) -> Iterator[None]:
    """Run the block's queries as `scope`, then as before."""
    before = current.get()
    bind(scope)
    try:
        yield
    finally:
        bind(before)


_binders: list[Callable[[Any], Any]] = []


def register_binder(binder: Callable[[Any], Any]) -> None:
    """Name the service that turns a signed-in (or anonymous) user into a bound viewer."""
    _binders[:] = [binder]


def viewer_of(user: Any) -> Any:
    """The viewer of `user`, bound to this thread's connection."""
    return _binders[0](user)
