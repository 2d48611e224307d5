"""Sign-in with a name and a password, as registries had it before web logins; open in the test tenant only."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from installs.channels.npm.answers import AuthenticationNeeded, BadRequest, answer
from installs.channels.npm.body import read_object
from installs.selectors.npm_people import person_get
from installs.services.npm_tenant import tenant_sign_in
from marketplace.core.errors import NotAllowed

if TYPE_CHECKING:
    from django.http import HttpResponse

    from installs.channels.npm.call import Call


def couch_user(call: Call) -> HttpResponse:
    """GET: somebody's public name, and an address that leads nowhere; NotFound MP3001."""
    person = person_get(call.parts["user"])
    identity = f"org.couchdb.user:{person.name}"
    return answer({"_id": identity, "_rev": "1", "name": person.name, "email": person.email, "type": "user"})


def couch_sign_in(call: Call) -> HttpResponse:
    """PUT: a token for a new user, or for one whose password came as Basic too; 409 asks clients for that."""
    body = read_object(call.request)
    name, password = body.get("name"), body.get("password")
    if not isinstance(name, str) or not isinstance(password, str):
        raise BadRequest("MP9010", {"form": "npm user"})
    try:
        sent = _basic(call.request.headers.get("Authorization", ""))
        token = tenant_sign_in(name=name, password=sent[1] if sent else password, knows_password=sent is not None)
    except NotAllowed as error:
        raise AuthenticationNeeded(error.code, error.params) from error
    identity = f"org.couchdb.user:{name}"
    return answer({"ok": f"you are signed in as {name}", "id": identity, "rev": "1", "token": token}, status=201)


def _basic(header: str) -> tuple[str, str] | None:
    scheme, _, value = header.strip().partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        name, colon, password = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return None
    return (name, password) if colon else None
