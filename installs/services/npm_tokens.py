"""Tokens that npm makes and ends for a person who has confirmed it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from django.db import transaction

from installs.domain.npm_tokens import TokenWish, days_of
from marketplace.core.errors import NotFound
from marketplace.domain.tokens import digest_of, is_token
from marketplace.models import Token
from marketplace.selectors.accounts import tokens_of, user_get
from marketplace.services.tokens import token_create, token_revoke
from marketplace.services.viewers import viewer_of_user

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer


@transaction.atomic
def npm_token_create(*, by: Viewer, wish: TokenWish) -> tuple[Token, str]:
    """The token and its secret, made as the person themselves, who confirmed it; raises Invalid MP4001 to MP4003."""
    user = user_get(by)
    return token_create(
        user=user,
        name=wish.name,
        scopes=[wish.scope],
        packages=wish.packages,
        days=days_of(wish),
        by=viewer_of_user(user),
    )


@transaction.atomic
def npm_token_revoke(*, by: Viewer, key: str) -> Token:
    """End one of the person's tokens by npm's key or by the token itself; raises NotFound MP9001."""
    person = viewer_of_user(user_get(by))
    for token in tokens_of(by):
        if key == npm_key(token) or digest_of(key) == token.digest:
            return token_revoke(public_id=token.public_id, by=person)
    raise NotFound("MP9001")


@transaction.atomic
def own_token_end(*, by: Viewer, secret: str) -> bool:
    """End the very token that asks; False when `secret` is another one."""
    if not is_token(secret):
        return False
    token = Token.objects.filter(digest=digest_of(secret), pk=by.token_id or 0).first()
    if token is not None:
        token_revoke(public_id=token.public_id, by=by)
    return token is not None


def npm_key(token: Token) -> str:
    """What npm calls the token; its first letters tell tokens apart."""
    return hashlib.sha512(str(token.public_id).encode()).hexdigest()
