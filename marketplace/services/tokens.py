"""Access tokens: shown once, kept as digests, always expiring."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone

from marketplace.core import tenancy
from marketplace.core.errors import Invalid, NotAllowed, NotFound
from marketplace.domain.audit import Action
from marketplace.domain.tokens import PACKAGE, PACKAGE_MOST, digest_of, is_token, token_make
from marketplace.domain.viewer import Scope, Viewer
from marketplace.models import Token, User
from marketplace.services.audit import audit
from marketplace.services.viewers import viewer_of_user

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

DEFAULT_DAYS = 30
MOST_DAYS = 366
SHOWN = 12
MOST_PACKAGES = 100
USED_EVERY = timedelta(minutes=1)


@transaction.atomic
def token_create(
    *,
    user: User,
    name: str,
    scopes: Iterable[str],
    packages: Iterable[str] | None = None,
    days: int = DEFAULT_DAYS,
    by: Viewer | None = None,
) -> tuple[Token, str]:
    """A new token of `user` and its secret, which can never be read again.

    `packages` (full names) narrows it; None means all. Raises Invalid MP4001 (scopes), MP4002 (days), MP4003 and MP1503
    (packages), NotAllowed MP4004 when a token, or somebody else, asks for it.
    """
    if by is not None and (by.token_id is not None or by.user_id != user.pk):
        raise NotAllowed("MP4004")
    wanted = sorted(set(scopes))
    if not wanted or not set(wanted) <= {scope.value for scope in Scope}:
        raise Invalid("MP4001", {"scopes": ", ".join(Scope)})
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("MP4002", {"most": MOST_DAYS})
    named = None if packages is None else _named(packages)
    secret = token_make()
    token = Token.objects.create(
        user=user,
        name=name.strip()[:80] or "token",
        digest=digest_of(secret),
        prefix=secret[:SHOWN],
        scopes=wanted,
        packages=named,
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit(
        Action.TOKEN_CREATE,
        by=by or viewer_of_user(user),
        kind="token",
        subject=token.public_id,
        name=token.name,
        data={"scopes": wanted, "packages": named, "days": days},
    )
    return token, secret


def _named(packages: Iterable[str]) -> list[str]:
    named = sorted(set(packages))
    if not 1 <= len(named) <= MOST_PACKAGES:
        raise Invalid("MP4003", {"most": MOST_PACKAGES})
    for name in named:
        if len(name) > PACKAGE_MOST or PACKAGE.fullmatch(name) is None:
            raise Invalid("MP1503", {"name": name[:PACKAGE_MOST]})
    return named


@transaction.atomic
def token_revoke(*, public_id: UUID, by: Viewer) -> Token:
    """End one of the viewer's own tokens; ending it again changes nothing. A token ends itself, never another one.

    Raises NotFound MP9001, NotAllowed MP4004.
    """
    token = Token.objects.select_for_update().filter(public_id=public_id, user_id=by.user_id or 0).first()
    if token is None:
        raise NotFound("MP9001")
    if by.token_id not in {None, token.pk}:
        raise NotAllowed("MP4004")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        audit(Action.TOKEN_REVOKE, by=by, kind="token", subject=token.public_id, name=token.name)
    return token


@transaction.atomic
def tokens_freeze(*, user_ids: Iterable[int], by: Viewer) -> int:
    """Moderation ends every token of these users that can write; returns how many. Who may is the caller's question."""
    writing = [Scope.PUBLISH.value, Scope.MANAGE.value]
    live = Token.objects.select_for_update().filter(user_id__in=set(user_ids), revoked_at=None, scopes__overlap=writing)
    tokens = list(live.order_by("pk"))
    for token in tokens:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        audit(Action.TOKEN_REVOKE, by=by, kind="token", subject=token.public_id, name=token.name, data={"frozen": True})
    return len(tokens)


def token_authenticate(secret: str) -> Viewer:
    """The viewer that the secret stands for; raises NotAllowed MP4010 (unknown), MP4011 (ended), MP4012 (suspended)."""
    if not is_token(secret):
        raise NotAllowed("MP4010")
    with tenancy.bound(tenancy.SYSTEM):
        token = Token.objects.select_related("user").filter(digest=digest_of(secret)).first()
        if token is None:
            raise NotAllowed("MP4010")
        now = timezone.now()
        if token.revoked_at is not None or token.expires_at <= now:
            raise NotAllowed("MP4011")
        if token.user.state != User.State.ACTIVE:
            raise NotAllowed("MP4012")
        if token.last_used_at is None or now - token.last_used_at > USED_EVERY:
            Token.objects.filter(pk=token.pk).update(last_used_at=now)
        return viewer_of_user(token.user, token=token)
