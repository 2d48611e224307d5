"""Where the processor tells what happened: verify, store once, answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from marketplace.core import tenancy
from marketplace.core.errors import MarketplaceError, TooLarge
from payments.services.switch import ensure_selling
from payments.services.webhooks import BODY_MOST, event_receive

if TYPE_CHECKING:
    from django.http import HttpRequest


@csrf_exempt
@require_POST
def stripe(request: HttpRequest) -> HttpResponse:
    """200 for every verified event, new or known; 400 for a signature that is wrong or old, 413 for a body too large.

    A refused body is not stored.
    """
    ensure_selling()
    try:
        body = _body(request)
        with tenancy.bound(tenancy.SYSTEM):
            is_new = event_receive(body=body, signature=request.headers.get("Stripe-Signature", "")[:2000])
    except MarketplaceError as error:
        status = 413 if isinstance(error, TooLarge) else 400
        return HttpResponse(f"{error.code} {error}", status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse("stored" if is_new else "known", content_type="text/plain")


def _body(request: HttpRequest) -> bytes:
    size = request.headers.get("Content-Length", "")
    if size.isdecimal() and int(size) > BODY_MOST:
        raise TooLarge("MP6071", {"most": BODY_MOST})
    body = request.read(BODY_MOST + 1)
    if len(body) > BODY_MOST:
        raise TooLarge("MP6071", {"most": BODY_MOST})
    return bytes(body)
