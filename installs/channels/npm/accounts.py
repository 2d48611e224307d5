"""Who somebody is, their tokens, and signing in: on the site, never with a password through npm."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse

from installs.channels.npm.answers import BadRequest, answer
from installs.channels.npm.body import read_object
from installs.channels.npm.confirming import address_of, client_of, ensure_confirmed, urls_of
from installs.domain.npm import iso
from installs.domain.npm_tokens import TokenWish, days_of, wish_of
from installs.selectors.client_requests import factors_of
from installs.selectors.npm_people import people_of
from installs.services.client_requests import client_request_collect, sign_in_ask
from installs.services.npm_tokens import npm_key, npm_token_create, npm_token_revoke, own_token_end
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.selectors.accounts import is_verified, tokens_of, user_get

if TYPE_CHECKING:
    from installs.channels.npm.call import Call
    from marketplace.models import Token

PAGE = 50
POLL_SECONDS = 1


def whoami(call: Call) -> HttpResponse:
    """GET: whose token it is."""
    return answer({"username": people_of([call.user_id])[call.user_id].name})


def profile(call: Call) -> HttpResponse:
    """GET: the account behind the token; its own owner sees the mail address."""
    user, name = user_get(call.writer), people_of([call.user_id])[call.user_id].name
    factors = factors_of(user.pk)
    told = {
        "tfa": {"mode": "auth-and-writes", "pending": False} if factors else False,
        "name": name,
        "fullname": user.display_name,
        "email": user.email,
        "email_verified": is_verified(user),
        "created": iso(user.date_joined),
        "updated": iso(user.last_login or user.date_joined),
        "cidr_whitelist": None,
    }
    return answer(told)


def profile_set(call: Call) -> HttpResponse:
    """POST: names, passwords and second factors are changed on the site."""
    raise NotAllowed("MP5025", {"page": _page("account-profile"), "by": call.writer.name})


def tokens(call: Call) -> HttpResponse:
    """GET: the tokens of the account that can be used, a page of them."""
    rows = tokens_of(call.writer)
    size = _number(call.request.GET.get("perPage", ""), PAGE) or PAGE
    page = _number(call.request.GET.get("page", ""), 10_000)
    total, first = rows.count(), page * size
    following = f"/-/npm/v1/tokens?page={page + 1}&perPage={size}" if first + size < total else None
    told = [_told(token) for token in rows[first : first + size]]
    return answer({"objects": told, "total": total, "urls": {"next": following}})


def token_create(call: Call) -> HttpResponse:
    """POST: a new token, after its owner has said yes on the site (always, since tokens make no tokens)."""
    by, body = call.writer, read_object(call.request)
    try:
        wish = wish_of(body)
    except ValueError as error:
        raise BadRequest("MP9010", {"form": "npm token"}) from error
    ensure_confirmed(call, _purpose(wish), always=True)
    token, secret = npm_token_create(by=by, wish=wish)
    return answer({**_told(token), "token": secret})


def token_revoke(call: Call) -> HttpResponse:
    """DELETE: end a token of the account by its key or itself; one that ends itself needs no confirmation."""
    by, key = call.writer, call.parts["key"]
    if not own_token_end(by=by, secret=key):
        ensure_confirmed(call, "end a token", always=True)
        npm_token_revoke(by=by, key=key)
    return HttpResponse(status=204)


def logout(call: Call) -> HttpResponse:
    """DELETE: end the token in the address, which must be the one that asks."""
    if not own_token_end(by=call.writer, secret=call.parts["key"]):
        raise NotFound("MP9001")
    return HttpResponse(status=204)


def login(call: Call) -> HttpResponse:
    """POST: a page on which somebody says yes, and an address that tells when they have."""
    read_object(call.request)
    waiting = sign_in_ask(client=client_of(call.request), address=address_of(call.request))
    page, done = urls_of(call.request, waiting)
    return answer({"loginUrl": page, "doneUrl": done})


def done(call: Call) -> HttpResponse:
    """GET: 202 until somebody has answered, then once what was waited for; NotFound MP5040."""
    secret = client_request_collect(poll=call.parts["poll"])
    if secret is not None:
        return answer({"token": secret})
    response = answer({}, status=202)
    response["Retry-After"] = str(POLL_SECONDS)
    return response


def _told(token: Token) -> dict[str, Any]:
    return {
        "key": npm_key(token),
        "token": token.prefix,
        "name": token.name,
        "created": iso(token.created_at),
        "updated": iso(token.last_used_at or token.created_at),
        "expires": iso(token.expires_at),
        "readonly": token.scopes == ["read"],
        "cidr_whitelist": None,
        "packages": token.packages or [],
        "scopes": token.scopes,
    }


def _purpose(wish: TokenWish) -> str:
    named = f" for {', '.join(wish.packages)}" if wish.packages else ""
    return f"make a token “{wish.name}” ({wish.scope}, {days_of(wish)} days){named}"[:200]


def _page(name: str) -> str:
    return f"{settings.BASE_URL}{reverse(name)}"


def _number(text: str, most: int) -> int:
    return min(int(text[:9]), most) if text.isascii() and text.isdigit() else 0
