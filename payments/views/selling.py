"""The publisher's side: prices, codes, sales, refunds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from marketplace.core.errors import Invalid, MarketplaceError, NotAllowed, NotFound
from marketplace.services.viewers import viewer_from
from payments.domain.money import NotMoney, money_parse
from payments.models import Price, Promotion
from payments.selectors.prices import lowest_prices, prices_of, promotions_of
from payments.selectors.sales import packages_sold_by, payments_sold, sales_of
from payments.services import prices as price_services
from payments.services import refunds
from payments.services.access import ensure_can_sell
from payments.views.forms import PriceForm, PromotionForm, RefundForm
from payments.views.guard import selling
from registry.selectors.packages import package_get

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from registry.models import Package

SHOWN = 50
PACKAGES_SHOWN = 500


@selling
@require_GET
def sales(request: HttpRequest) -> HttpResponse:
    """Sales, refunds and active seats by package."""
    packages = list(packages_sold_by(viewer_from(request))[:PACKAGES_SHOWN])
    lowest = lowest_prices(package.pk for package in packages)
    priced = [(package, lowest.get(package.pk)) for package in packages]
    return render(request, "payments/sales.html", {"rows": sales_of(packages), "packages": priced})


@selling
@require_http_methods(["GET", "POST"])
def prices(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """The prices in force, a form for another, codes and the newest payments."""
    package = _package(request, publisher, name)
    form = PriceForm(request.POST or None, initial={"interval": "month", "trial_days": 0, "trial_needs_card": True})
    if request.method == "POST" and form.is_valid():
        try:
            price_services.price_create(package=package, terms=form.terms(), by=viewer_from(request))
        except MarketplaceError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The price is in force."))
            return redirect("prices", publisher=publisher, name=name)
    return _page(request, package, form, PromotionForm())


@selling
@require_POST
def price_stop(request: HttpRequest, publisher: str, name: str, id: UUID) -> HttpResponse:  # noqa: A002  (the address's name)
    """Sell at this price no more."""
    package = _package(request, publisher, name)
    price = Price.objects.select_related("package__publisher").filter(package=package, public_id=id).first()
    if price is None:
        raise NotFound("MP6019")
    _done(request, lambda: price_services.price_stop(price=price, by=viewer_from(request)), _("The price is stopped."))
    return redirect("prices", publisher=publisher, name=name)


@selling
@require_POST
def promotion_new(request: HttpRequest, publisher: str, name: str) -> HttpResponse:
    """Make a code."""
    package = _package(request, publisher, name)
    form = PromotionForm(request.POST)
    if form.is_valid():
        try:
            price_services.promotion_create(package=package, by=viewer_from(request), **form.cleaned_data)
        except MarketplaceError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The code works from now on."))
            return redirect("prices", publisher=publisher, name=name)
    return _page(request, package, PriceForm(initial={"interval": "month"}), form)


@selling
@require_POST
def promotion_stop(request: HttpRequest, publisher: str, name: str, id: UUID) -> HttpResponse:  # noqa: A002  (the address's name)
    """Stop a code."""
    package = _package(request, publisher, name)
    found = Promotion.objects.select_related("package__publisher").filter(package=package, public_id=id).first()
    if found is None:
        raise NotFound("MP6019")
    by = viewer_from(request)
    _done(request, lambda: price_services.promotion_stop(promotion=found, by=by), _("The code is stopped."))
    return redirect("prices", publisher=publisher, name=name)


@selling
@require_POST
def refund(request: HttpRequest, publisher: str, name: str, id: UUID) -> HttpResponse:  # noqa: A002  (the address's name)
    """Give back a part or all of one payment."""
    package, by = _package(request, publisher, name), viewer_from(request)
    payment = next((row for row in payments_sold(package, most=SHOWN) if str(row.public_id) == str(id)), None)
    if payment is None:
        raise NotFound("MP6051")
    form = RefundForm(request.POST)
    form.is_valid()
    said = form.cleaned_data
    try:
        amount = money_parse(said.get("amount", ""), payment.currency).amount
    except NotMoney:
        refusal = Invalid("MP6014", {"text": said.get("amount", ""), "currency": payment.currency.upper()})
        messages.error(request, str(refusal))
        return redirect("prices", publisher=publisher, name=name)
    given = said.get("reason", "")
    act = lambda: refunds.refund_give(payment=payment, amount=amount, reason=given, by=by)  # noqa: E731  (one act)
    _done(request, act, _("The money goes back."))
    return redirect("prices", publisher=publisher, name=name)


def _package(request: HttpRequest, publisher: str, name: str) -> Package:
    """The package, for who sells it; to others the page does not exist."""
    package = package_get(viewer_from(request), publisher, name)
    try:
        ensure_can_sell(by=viewer_from(request), package=package)
    except NotAllowed as error:
        raise NotFound("MP9001") from error
    return package


def _page(request: HttpRequest, package: Package, form: PriceForm, promotion: PromotionForm) -> HttpResponse:
    context: dict[str, Any] = {
        "package": package,
        "prices": list(prices_of(package)),
        "form": form,
        "promotions": list(promotions_of(package)[:SHOWN]),
        "promotion_form": promotion,
        "payments": payments_sold(package, most=SHOWN),
        "sold": sales_of([package]),
    }
    return render(request, "payments/prices.html", context)


def _done(request: HttpRequest, act: Any, says: str) -> None:
    try:
        act()
    except MarketplaceError as refusal:
        if refusal.status in {403, 404}:
            raise
        messages.error(request, str(refusal))
    else:
        messages.success(request, says)
