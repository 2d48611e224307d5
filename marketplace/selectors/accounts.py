"""Reads of accounts: tokens, and what the ground knows about a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.utils import timezone

from marketplace.core.errors import NotFound
from marketplace.models import AuditEntry, Membership, Token, User

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from marketplace.domain.viewer import Viewer


def user_get(viewer: Viewer) -> User:
    """The viewer's own account; raises NotFound MP9001 for nobody."""
    user = User.objects.filter(pk=viewer.user_id or 0).first()
    if user is None:
        raise NotFound("MP9001")
    return user


def is_verified(user: User) -> bool:
    """Whether the person has shown that mail to their address reaches them."""
    return bool(EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists())


def tokens_of(viewer: Viewer, *, ended: bool = False) -> QuerySet[Token]:
    """The viewer's tokens that can be used, or those that have ended; newest first."""
    over = Q(revoked_at__isnull=False) | Q(expires_at__lte=timezone.now())
    return Token.objects.filter(over if ended else ~over, user_id=viewer.user_id or 0).order_by("-pk")


def token_get(viewer: Viewer, public_id: UUID) -> Token:
    """One of the viewer's own tokens; raises NotFound MP9001."""
    token = Token.objects.filter(user_id=viewer.user_id or 0, public_id=public_id).first()
    if token is None:
        raise NotFound("MP9001")
    return token


def account_part(user_id: int) -> dict[str, Any]:
    """The ground's part of a person's export; digests and secrets are left out."""
    user = User.objects.get(pk=user_id)
    columns = ("public_id", "email", "display_name", "time_zone", "state", "closes_at", "date_joined", "last_login")
    return {
        **{column: getattr(user, column) for column in columns},
        "addresses": list(EmailAddress.objects.filter(user=user).values("email", "verified", "primary")),
        "second_factors": list(Authenticator.objects.filter(user=user).values("type", "created_at", "last_used_at")),
        "connections": list(SocialAccount.objects.filter(user=user).values("provider", "uid", "date_joined")),
        "sessions": list(UserSession.objects.filter(user=user).values("created_at", "ip", "user_agent")),
        "organizations": list(Membership.objects.filter(user=user).values("organization__slug", "role", "created_at")),
        "tokens": list(
            Token.objects.filter(user=user).values(
                "public_id",
                "name",
                "prefix",
                "scopes",
                "packages",
                "created_at",
                "expires_at",
                "last_used_at",
                "revoked_at",
            )
        ),
        "acts": list(
            AuditEntry.objects.filter(actor_id=user_id).order_by("pk").values("at", "action", "subject_name", "data")
        ),
    }
