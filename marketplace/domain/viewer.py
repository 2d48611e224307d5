"""Who asks: the one value that selectors and services take."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from marketplace.domain.roles import ALLOWED, Permission, Role

if TYPE_CHECKING:
    from collections.abc import Mapping


class Scope(StrEnum):
    """What a token may do; a session may do everything its user may."""

    READ = "read"
    PUBLISH = "publish"
    MANAGE = "manage"


IMPLIED: dict[Scope, frozenset[Scope]] = {
    Scope.READ: frozenset({Scope.READ}),
    Scope.PUBLISH: frozenset({Scope.READ, Scope.PUBLISH}),
    Scope.MANAGE: frozenset(Scope),
}


@dataclass(frozen=True, slots=True)
class Viewer:
    """A person, a token of a person, a visitor, or the system; primary keys, never rows.

    `library_id` is the library whose personal address the request came by.
    """

    user_id: int | None = None
    roles: Mapping[int, Role] = field(default_factory=dict)
    is_moderator: bool = False
    is_senior: bool = False
    is_administrator: bool = False
    is_system: bool = False
    token_id: int | None = None
    scopes: frozenset[Scope] | None = None
    packages: frozenset[str] | None = None
    library_id: int | None = None
    name: str = ""

    @property
    def is_anonymous(self) -> bool:
        """Whether nobody is signed in."""
        return self.user_id is None and not self.is_system

    @property
    def organization_ids(self) -> tuple[int, ...]:
        """The organizations that the viewer belongs to, in order."""
        return tuple(sorted(self.roles))

    def may_use(self, scope: Scope) -> bool:
        """Whether the way of signing in reaches this far; sessions have no limit."""
        return self.scopes is None or any(scope in IMPLIED[held] for held in self.scopes)

    def may_touch(self, full_name: str) -> bool:
        """Whether the token's package list (if it has one) names this package."""
        return self.packages is None or full_name in self.packages

    def may_in(self, organization_id: int, permission: Permission) -> bool:
        """Whether the viewer's role in that organization allows `permission`."""
        role = self.roles.get(organization_id)
        return self.is_system or (role is not None and permission in ALLOWED[role])


ANONYMOUS = Viewer()
SYSTEM = Viewer(is_system=True, name="system")
