"""The order page, and where the buyer comes back to."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from marketplace.core.errors import MarketplaceError, NotFound
from marketplace.domain.roles import ALLOWED, Permission
from marketplace.models import Organization
from marketplace.services.viewers import viewer_from
from payments.domain.money import Money
from payments.domain.prices import SEATS_MOST
from payments.models import Licence, Order
from payments.selectors.licences import licence_for, order_get
from payments.selectors.prices import prices_of
from payments.services.orders import order_resume, order_start, trial_days
from payments.services.syncing import order_sync
from payments.views.guard import selling
from registry.selectors.packages import package_get

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from marketplace.domain.viewer import Viewer
    from payments.models import Price

LOOK_AGAIN = timedelta(seconds=2)
DIGITS_MOST = 5


@selling
@require_http_methods(["GET", "POST"])
def order_new(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Choose a price, seats and for whom; everything that it costs stands there before anything is paid."""
    viewer = viewer_from(request)
    package = package_get(viewer, publisher, name)
    prices = list(prices_of(package))
    if not prices:
        raise NotFound("MP6019")
    organizations = _organizations(viewer)
    price = _chosen(prices, request.POST.get("price") or request.GET.get("price", ""))
    buys_for = _for(organizations, request.POST.get("for") or request.GET.get("for", ""))
    seats = _seats(request, price, buys_for)
    if request.method == "POST" and request.POST.get("act") == "order":
        try:
            order = order_start(price=price, seats=seats, organization=buys_for, by=viewer)
        except MarketplaceError as refusal:
            if refusal.status in {403, 404}:
                raise
            messages.error(request, str(refusal))
        else:
            return HttpResponseRedirect(order.checkout_url)
    total = price.terms.total(seats)
    holder = {"organization_id": buys_for.pk} if buys_for else {"user_id": viewer.user_id}
    days = trial_days(price, **holder)
    context = {
        "package": package, "version": package.latest, "prices": prices, "price": price, "seats": seats,
        "organizations": organizations, "buys_for": buys_for, "takes_seats": price.is_per_seat and buys_for is not None,
        "total": total, "today": Money(0, total.currency) if days else total,
        "trial_days": days, "trial_ends": timezone.now() + timedelta(days=days), "refund_days": settings.REFUND_DAYS,
        "licence": licence_for(viewer, package.pk),
    }  # fmt: skip
    return render(request, "payments/order_new.html", context)


@selling
@require_GET
def order(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the address's name)
    """What became of an order; asks the processor when the buyer is faster than its message."""
    viewer = viewer_from(request)
    found = order_get(viewer, id)
    stale = found.synced_at is None or timezone.now() - found.synced_at > LOOK_AGAIN
    if found.state == Order.State.OPEN and (stale or "paid" in request.GET):
        try:
            order_sync(order_id=found.pk)
        except MarketplaceError as refusal:
            messages.warning(request, str(refusal))
        found = order_get(viewer, id)
    licence = Licence.objects.filter(order=found).first()
    context = {"order": found, "licence": licence, "package": found.package, "was_left": "left" in request.GET}
    return render(request, "payments/order.html", context)


@selling
@require_POST
def order_pay(request: HttpRequest, id: UUID) -> HttpResponse:  # noqa: A002  (the address's name)
    """Go on to the processor's page of an order that is still open."""
    viewer = viewer_from(request)
    try:
        return HttpResponseRedirect(order_resume(order=order_get(viewer, id), by=viewer).checkout_url)
    except MarketplaceError as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, str(refusal))
        return redirect("order", id=id)


def _organizations(viewer: Viewer) -> list[Organization]:
    billing = [key for key, role in viewer.roles.items() if Permission.BILL in ALLOWED[role]]
    return list(Organization.objects.filter(pk__in=billing).order_by("display_name"))


def _chosen(prices: list[Price], public_id: str) -> Price:
    return next((price for price in prices if str(price.public_id) == public_id), prices[0])


def _for(organizations: list[Organization], slug: str) -> Organization | None:
    return next((row for row in organizations if row.slug == slug), None)


def _seats(request: HttpRequest, price: Price, buys_for: Organization | None) -> int:
    """The number in the form, moved by a button of the stepper; 1 where seats do not count."""
    if not price.is_per_seat or buys_for is None:
        return 1
    text = request.POST.get("seats") or request.GET.get("seats", "")
    seats = int(text) if text.isdecimal() and len(text) <= DIGITS_MOST else 1
    seats += {"more": 1, "fewer": -1}.get(request.POST.get("act", ""), 0)
    return min(max(seats, 1), SEATS_MOST)
