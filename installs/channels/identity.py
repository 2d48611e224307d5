"""Who asks for bytes and documents: a token, a personal key, or the session of the page's reader."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from installs.domain.keys import is_key
from installs.services.personal import key_viewer
from marketplace.domain.viewer import ANONYMOUS
from marketplace.services.tokens import token_authenticate
from marketplace.services.viewers import bind, viewer_from

if TYPE_CHECKING:
    from django.http import HttpRequest

    from marketplace.domain.viewer import Viewer


def secret_of(request: HttpRequest) -> str:
    """What stands behind `Bearer`, or the password of `Basic`; empty without either."""
    scheme, _, value = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() == "bearer":
        return value.strip()
    if scheme.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode("utf-8").partition(":")[2]
    except (binascii.Error, ValueError):
        return ""


def viewer_bound(request: HttpRequest) -> Viewer:
    """The viewer, bound to this thread; raises NotAllowed MP4010 to MP4012 for a bad token, NotFound MP5003."""
    secret = secret_of(request)
    if not secret:
        return viewer_from(request)
    bind(ANONYMOUS)
    return key_viewer(secret) if is_key(secret) else bind(token_authenticate(secret))
