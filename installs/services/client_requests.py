"""Sign-in from a command line, and confirmation of what it is about to do, both said yes to on a page."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from installs.domain.client_requests import (
    CODE_LASTS,
    SIGN_IN_LASTS,
    TOKEN_DAYS,
    Waiting,
    code_make,
    digest_of,
    waiting_make,
)
from installs.models import ClientRequest, ClientSettings
from marketplace.core.errors import Conflict, Invalid, NotAllowed, NotFound
from marketplace.domain.audit import Action
from marketplace.domain.viewer import Scope
from marketplace.models import User
from marketplace.services.audit import audit
from marketplace.services.tokens import token_create
from marketplace.services.viewers import signed_in_id

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

Kind = ClientRequest.Kind


def sign_in_ask(*, client: str, address: str | None) -> Waiting:
    """Note that a command line waits for somebody to sign it in; it waits ten minutes."""
    return _ask(kind=Kind.SIGN_IN, client=client, address=address)


def confirmation_ask(*, by: Viewer, purpose: str, client: str, address: str | None) -> Waiting:
    """Note that a command of the viewer's waits for them to confirm `purpose`."""
    return _ask(kind=Kind.CONFIRM, client=client, address=address, user_id=signed_in_id(by), purpose=purpose[:200])


def _ask(**fields: object) -> Waiting:
    waiting = waiting_make()
    fields["client"] = str(fields["client"])[:160]
    ClientRequest.objects.create(
        page_digest=digest_of(waiting.page),
        poll_digest=digest_of(waiting.poll),
        expires_at=timezone.now() + SIGN_IN_LASTS,
        **fields,
    )
    return waiting


@transaction.atomic
def client_request_approve(*, request: ClientRequest, by: Viewer, scope: str = "") -> ClientRequest:
    """Say yes as the person who is signed in on the site; a sign-in gets `scope`.

    Raises NotAllowed MP4004 for a token, MP5041 for somebody else's confirmation, Invalid MP4001, Conflict MP5042 when
    it was decided before or has waited too long.
    """
    request = _undecided(request, by)
    if request.kind == Kind.SIGN_IN:
        if scope not in set(Scope):
            raise Invalid("MP4001", {"scopes": ", ".join(Scope)})
        request.user_id, request.scope = signed_in_id(by), scope
    request.approved_at = timezone.now()
    request.save(update_fields=["user", "scope", "approved_at"])
    _audit(Action.CLIENT_APPROVE, request, by)
    return request


@transaction.atomic
def client_request_refuse(*, request: ClientRequest, by: Viewer) -> ClientRequest:
    """Say no; the command line ends. Raises like client_request_approve."""
    request = _undecided(request, by)
    request.refused_at = timezone.now()
    request.save(update_fields=["refused_at"])
    _audit(Action.CLIENT_REFUSE, request, by)
    return request


def _undecided(request: ClientRequest, by: Viewer) -> ClientRequest:
    if by.token_id is not None:
        raise NotAllowed("MP4004")
    locked = ClientRequest.objects.select_for_update(of=("self",)).get(pk=request.pk)
    if locked.kind == Kind.CONFIRM and locked.user_id != signed_in_id(by):
        raise NotAllowed("MP5041")
    if locked.approved_at or locked.refused_at or locked.expires_at <= timezone.now():
        raise Conflict("MP5042")
    return locked


@transaction.atomic
def client_request_collect(*, poll: str) -> str | None:
    """What the command line waits for: once, a token or a confirmation's code; None while nobody has decided.

    Raises NotFound MP5040 for an unknown, refused, used or expired request.
    """
    row = ClientRequest.objects.select_for_update(of=("self",)).filter(poll_digest=digest_of(poll)).first()
    now = timezone.now()
    if row is None or row.refused_at or row.collected_at or row.expires_at <= now:
        raise NotFound("MP5040")
    if row.approved_at is None or row.user_id is None:
        return None
    row.collected_at = now
    secret = _code(row) if row.kind == Kind.CONFIRM else _token(row, row.user_id)
    row.save(update_fields=["collected_at", "code_digest", "expires_at"])
    return secret


def _code(row: ClientRequest) -> str:
    code = code_make()
    row.code_digest, row.expires_at = digest_of(code), timezone.now() + CODE_LASTS
    return code


def _token(row: ClientRequest, user_id: int) -> str:
    user = User.objects.get(pk=user_id)
    if user.state != User.State.ACTIVE:
        raise NotFound("MP5040")
    name = f"npm login {row.created_at:%Y-%m-%d %H:%M}"
    return token_create(user=user, name=name, scopes=[row.scope], days=TOKEN_DAYS[row.scope])[1]


def is_code_good(*, by: Viewer, purpose: str, code: str) -> bool:
    """Whether the viewer confirmed exactly this purpose, in the last minutes, with this code."""
    mine = Q(kind=Kind.CONFIRM, user_id=by.user_id, purpose=purpose[:200], approved_at__isnull=False)
    rows = ClientRequest.objects.filter(mine, code_digest=digest_of(code), expires_at__gt=timezone.now())
    return bool(code) and rows.exists()


@transaction.atomic
def client_settings_set(*, by: Viewer, confirms_writes: bool) -> ClientSettings:
    """Choose whether command lines must be confirmed with a second factor; raises NotAllowed MP4004 for a token."""
    if by.token_id is not None:
        raise NotAllowed("MP4004")
    settings, _ = ClientSettings.objects.update_or_create(
        user_id=signed_in_id(by), defaults={"confirms_writes": confirms_writes}
    )
    user = User.objects.get(pk=signed_in_id(by))
    data = {"confirms_writes": confirms_writes}
    audit(Action.CLIENT_SETTINGS, by=by, kind="user", subject=user.public_id, name=str(user), data=data)
    return settings


def client_requests_purge() -> int:
    """Forget requests a day after they ended; returns how many."""
    deleted, _ = ClientRequest.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()
    return deleted


def _audit(action: Action, request: ClientRequest, by: Viewer) -> None:
    data = {"kind": request.kind, "purpose": request.purpose, "scope": request.scope, "client": request.client}
    audit(action, by=by, kind="client_request", subject=request.public_id, name=request.kind, data=data)
