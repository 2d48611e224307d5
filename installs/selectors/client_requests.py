"""Command lines that wait, and whether somebody wants to be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.mfa.models import Authenticator
from django.utils import timezone

from installs.domain.client_requests import digest_of
from installs.models import ClientRequest, ClientSettings
from marketplace.core.errors import NotFound

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def client_request_get(page: str) -> ClientRequest:
    """The request whose page this is, while it is undecided; raises NotFound MP5040."""
    waiting = ClientRequest.objects.filter(approved_at=None, refused_at=None, expires_at__gt=timezone.now())
    found = waiting.filter(page_digest=digest_of(page)).first()
    if found is None:
        raise NotFound("MP5040")
    return found


def factors_of(user_id: int | None) -> set[str]:
    """The kinds of second factor that the person has set up."""
    return set(Authenticator.objects.filter(user_id=user_id, type__in=FACTORS).values_list("type", flat=True))


def confirms_writes(viewer: Viewer) -> bool:
    """Whether the viewer asked for a second factor before command lines write, and has one."""
    wanted = ClientSettings.objects.filter(user_id=viewer.user_id or 0, confirms_writes=True).exists()
    return wanted and bool(factors_of(viewer.user_id))
