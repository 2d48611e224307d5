"""Roles in an organization and what each may do."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """A member's role; owners may do everything."""

    OWNER = "owner"
    ADMIN = "admin"
    BILLING = "billing"
    MEMBER = "member"


class Permission(StrEnum):
    """What a role may do inside its organization."""

    READ = "read"
    PUBLISH = "publish"
    MANAGE = "manage"
    BILL = "bill"


ALLOWED: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.ADMIN: frozenset({Permission.READ, Permission.PUBLISH, Permission.MANAGE}),
    Role.BILLING: frozenset({Permission.READ, Permission.BILL}),
    Role.MEMBER: frozenset({Permission.READ}),
}
