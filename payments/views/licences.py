"""Licences: the list, one of them, and what its payer does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from marketplace.core import cursors
from marketplace.core.errors import Invalid, MarketplaceError, NotFound
from marketplace.models import Membership
from marketplace.services.viewers import signed_in_id, viewer_from
from payments.domain.licences import OPEN
from payments.models import Licence, Seat
from payments.selectors.licences import licence_get, licences_of, orders_of, payments_of, seats_of
from payments.services import refunds, seats, subscriptions
from payments.services.access import may_bill, may_give
from payments.services.orders import portal_address
from payments.services.tokens import entitlement_make
from payments.views.guard import selling

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

    from marketplace.domain.viewer import Viewer
    from marketplace.models import User

PAGE = 20
DIGITS_MOST = 5
SEATS_SHOWN = 200


@selling
@require_GET
def licences(request: HttpRequest) -> HttpResponse:
    """The viewer's licences and those of the viewer's organizations, twenty a page."""
    viewer = viewer_from(request)
    rows = licences_of(viewer)
    if request.GET.get("cursor"):
        rows = rows.filter(pk__lt=int(cursors.decode(request.GET["cursor"])["before"]))
    page = list(rows[: PAGE + 1])
    following = cursors.encode({"before": page[PAGE - 1].pk}) if len(page) > PAGE else None
    waiting = orders_of(viewer).filter(state="open").exclude(checkout_url="")[:5]
    context = {"rows": page[:PAGE], "next_cursor": following, "waiting": waiting, "now": timezone.now()}
    return render(request, "payments/licences.html", context)


@selling
@require_GET
def licence(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the address's name)
    """Dates, seats, papers, the offline entitlement, and what happens next."""
    viewer = viewer_from(request)
    return render(request, "payments/licence.html", _context(viewer, licence_get(viewer, id)))


@selling
@require_GET
def seats_page(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the address's name)
    """What another number of seats costs, before it is changed."""
    viewer = viewer_from(request)
    found = licence_get(viewer, id)
    wanted = _number(request.GET.get("seats", ""), found.seats)
    context: dict[str, Any] = {"licence": found, "package": found.package, "wanted": wanted, "preview": None}
    if wanted != found.seats:
        try:
            context["preview"] = subscriptions.seats_preview(licence=found, seats=wanted, by=viewer)
        except MarketplaceError as refusal:
            if refusal.status in {403, 404}:
                raise
            messages.error(request, str(refusal))
    return render(request, "payments/seats.html", context)


@selling
@require_POST
def licence_act(request: HttpRequest, id: UUID, act: str) -> HttpResponse:  # noqa: A002  (the address's name)
    """Do one thing with the licence, say what came of it, and return to its page."""
    viewer = viewer_from(request)
    found = licence_get(viewer, id)
    if act not in ACTS:
        raise NotFound("MP9001")
    try:
        answer = ACTS[act](request, found, viewer)
    except MarketplaceError as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, str(refusal))
        return redirect("licence", id=id)
    if not isinstance(answer, str):
        return answer
    messages.success(request, answer)
    return redirect("licence", id=id)


def _end(_request: HttpRequest, found: Licence, by: Viewer) -> str:
    subscriptions.licence_end(licence=found, by=by)
    return _("It ends with what is paid. Until then nothing changes.")


def _keep(_request: HttpRequest, found: Licence, by: Viewer) -> str:
    subscriptions.licence_keep(licence=found, by=by)
    return _("It goes on and renews.")


def _seats_set(request: HttpRequest, found: Licence, by: Viewer) -> str:
    wanted = _number(request.POST.get("seats", ""), 0)
    subscriptions.seats_change(licence=found, seats=wanted, by=by)
    return _("There are %(seats)s seats now.") % {"seats": wanted}


def _refund(request: HttpRequest, found: Licence, by: Viewer) -> str:
    given = refunds.refund_take(licence=found, reason=request.POST.get("reason", ""), by=by)
    return _("%(amount)s go back to the card, and the licence has ended.") % {"amount": given}


def _give(request: HttpRequest, found: Licence, by: Viewer) -> str:
    person = _member(found, request.POST.get("person", ""))
    seats.seat_give(licence=found, user=person, by=by)
    return _("%(person)s has a seat.") % {"person": person}


def _take(request: HttpRequest, found: Licence, by: Viewer) -> str:
    seats.seat_take(licence=found, seat_id=_uuid(request.POST.get("seat", "")), by=by)
    return _("The seat is free.")


def _transfer(request: HttpRequest, found: Licence, by: Viewer) -> str:
    person = _member(found, request.POST.get("person", ""))
    seats.seat_transfer(licence=found, seat_id=_uuid(request.POST.get("seat", "")), user=person, by=by)
    return _("%(person)s has the seat now.") % {"person": person}


def _first_use(request: HttpRequest, found: Licence, by: Viewer) -> str:
    gives = request.POST.get("gives") == "1"
    seats.first_use_set(licence=found, gives=gives, by=by)
    return _("Members take free seats at their first use.") if gives else _("Seats are given by hand only.")


def _portal(_request: HttpRequest, found: Licence, by: Viewer) -> HttpResponse:
    return HttpResponseRedirect(portal_address(licence=found, by=by))


def _token(request: HttpRequest, found: Licence, by: Viewer) -> HttpResponse:
    latest = found.package.latest
    major = int(latest.number.split(".", 1)[0]) if latest else 1
    token = entitlement_make(licence=found, major=major, by=by)
    return render(request, "payments/licence.html", _context(by, found) | {"token": token})


ACTS: dict[str, Callable[[HttpRequest, Licence, Viewer], str | HttpResponse]] = {
    "end": _end,
    "keep": _keep,
    "seats": _seats_set,
    "refund": _refund,
    "give": _give,
    "take": _take,
    "transfer": _transfer,
    "first-use": _first_use,
    "billing": _portal,
    "entitlement": _token,
}


def _context(viewer: Viewer, found: Licence) -> dict[str, Any]:
    gives = may_give(viewer, found) and found.is_per_seat and found.organization_id is not None
    held = list(seats_of(found)[:SEATS_SHOWN]) if gives else []
    bills = may_bill(viewer, found)
    return {
        "licence": found,
        "order": found.order,
        "package": found.package,
        "is_open": found.state in OPEN and (found.open_until is None or found.open_until > timezone.now()),
        "seats": held,
        "mine": seats_of(found).filter(user_id=signed_in_id(viewer)).first(),
        "people": _without_seat(found) if gives and found.seats_free else [],
        "gives": gives,
        "bills": bills,
        "payments": list(payments_of(found.order)[:50]) if bills else [],
        "total": found.order.price.terms.total(found.seats),
        "refund": refunds.refund_amount(found) if bills and found.state != "revoked" else None,
    }


def _without_seat(found: Licence) -> list[User]:
    """Members who could be given a seat, by name."""
    seated = Seat.objects.filter(licence=found, released_at=None).values("user_id")
    members = Membership.objects.filter(organization=found.organization).exclude(user_id__in=seated)
    return [row.user for row in members.select_related("user").order_by("user__display_name", "pk")[:SEATS_SHOWN]]


def _member(found: Licence, public_id: str) -> User:
    wanted = _uuid(public_id)
    members = Membership.objects.filter(organization=found.organization, user__public_id=wanted)
    member = members.select_related("user").first()
    if member is None:
        raise Invalid("MP6043", {"person": _("This person")})
    return member.user


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound("MP6045") from error


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) <= DIGITS_MOST else otherwise
