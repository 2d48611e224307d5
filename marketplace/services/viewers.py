"""From a signed-in user or a token to the viewer that everything takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.core import tenancy
from marketplace.core.errors import NotAllowed
from marketplace.domain.roles import Role
from marketplace.domain.viewer import ANONYMOUS, Scope, Viewer
from marketplace.models import Organization, User

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from marketplace.models import Token


def viewer_from(request: object) -> Viewer:
    """Who makes the request: what ViewerMiddleware, or a token's authentication after it, has found out."""
    viewer: Viewer = request.viewer  # type: ignore[attr-defined]  # set by the middleware on every request
    return viewer


def signed_in_id(viewer: Viewer) -> int:
    """The key of the user who is signed in; raises NotAllowed MP9002 for nobody and for the system."""
    if viewer.user_id is None:
        raise NotAllowed("MP9002")
    return viewer.user_id


def viewer_of_user(user: User, *, token: Token | None = None) -> Viewer:
    """The viewer that `user` is, narrowed to what `token` may do; one query."""
    active = user.memberships.filter(organization__state=Organization.State.ACTIVE)
    return Viewer(
        user_id=user.pk,
        roles={organization: Role(role) for organization, role in active.values_list("organization_id", "role")},
        is_moderator=user.is_moderator and token is None,
        is_senior=user.is_senior_moderator and token is None,
        is_administrator=user.is_superuser and user.is_moderator and token is None,
        token_id=token.pk if token else None,
        scopes=frozenset(Scope(scope) for scope in token.scopes) if token else None,
        packages=frozenset(token.packages) if token and token.packages is not None else None,
        name=str(user),
    )


def bind(viewer: Viewer) -> Viewer:
    """Run this thread's further queries as `viewer`."""
    tenancy.bind(tenancy.Scope(viewer.user_id, viewer.organization_ids, system=viewer.is_system or viewer.is_moderator))
    return viewer


def bind_user(user: User | AnonymousUser) -> Viewer:
    """The session's viewer, bound; ANONYMOUS for nobody and for people who are suspended."""
    if not isinstance(user, User) or not user.is_active:
        return ANONYMOUS
    return bind(viewer_of_user(user))
