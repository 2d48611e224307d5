"""The second factor before a write: a code in the request, or a page to open (npm's `authUrl` and `doneUrl`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings

from installs.channels.documents.bases import located
from installs.channels.npm.answers import AuthenticationNeeded, answer
from installs.domain.client_requests import is_digits
from installs.selectors.client_requests import confirms_writes
from installs.services.client_requests import confirmation_ask, is_code_good
from installs.services.second_factor import is_device_code_good
from marketplace.core.clients import client_address
from marketplace.core.codes import sentence

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from installs.channels.npm.call import Call
    from installs.domain.client_requests import Waiting


class ConfirmationNeeded(AuthenticationNeeded):
    """The person must say yes first; `auth_url` is the page, `done_url` tells when they have."""

    def __init__(self, code: str, auth_url: str, done_url: str) -> None:
        """Ask with `code`."""
        super().__init__(code, {"page": auth_url})
        self.auth_url, self.done_url = auth_url, done_url

    def response(self) -> HttpResponse:
        """401 in the form that makes npm show the page, wait, and repeat the request."""
        told = f"{sentence(self.code, self.params)} {self.auth_url}"
        body = {"error": told, "code": self.code, "authUrl": self.auth_url, "doneUrl": self.done_url}
        response = answer(body, status=self.status, notice=f"Open {self.auth_url} to confirm")
        response["WWW-Authenticate"] = "OTP"
        return response


def ensure_confirmed(call: Call, purpose: str, *, always: bool = False) -> None:
    """Let pass whoever confirmed `purpose`, or need not; raises ConfirmationNeeded, LimitReached MP9006."""
    by = call.writer
    if not always and not confirms_writes(by):
        return
    code = call.request.headers.get("npm-otp", "").strip()
    if code and (
        is_device_code_good(by=by, code=code) if is_digits(code) else is_code_good(by=by, purpose=purpose, code=code)
    ):
        return
    waiting = confirmation_ask(by=by, purpose=purpose, client=client_of(call.request), address=address_of(call.request))
    raise ConfirmationNeeded("MP5028" if code else "MP5026", *urls_of(call.request, waiting))


def urls_of(request: HttpRequest, waiting: Waiting) -> tuple[str, str]:
    """The page on the site, and the address below the registry that tells when it was answered."""
    place = located(request.get_host(), request.path_info)
    base = place[0] if place else settings.NPM_BASES[0]
    return f"{settings.BASE_URL}/login/{waiting.page}", f"{base}/-/v1/done/{waiting.poll}"


def client_of(request: HttpRequest) -> str:
    """The client as it names itself, and the machine's name when it says that."""
    return request.headers.get("User-Agent", "")[:160]


def address_of(request: HttpRequest) -> str | None:
    """Where it comes from; None when that cannot be said."""
    return client_address(request.META) or None
