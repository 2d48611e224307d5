"""Prices and promotion codes: made, stopped, never changed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone

from marketplace.core.errors import Conflict, Invalid, LimitReached
from marketplace.domain.audit import Action
from marketplace.services.audit import audit
from marketplace.services.outbox import emit
from payments.clients import NewPrice, billing
from payments.domain.events import PriceChanged
from payments.domain.prices import PRICES_MOST
from payments.models import Price, Promotion
from payments.services.access import ensure_can_sell
from registry.domain.events import PackageChanged
from registry.models import Package

if TYPE_CHECKING:
    from datetime import datetime

    from marketplace.domain.viewer import Viewer
    from payments.domain.prices import PriceTerms

CODE = re.compile(r"[A-Z0-9-]{3,32}")
PERCENT_MOST = 100


@transaction.atomic
def price_create(*, package: Package, terms: PriceTerms, by: Viewer) -> Price:
    """Sell the package at this price too; from its first price on, only licence holders get its bytes.

    Raises NotAllowed MP6016, MP6024; Invalid MP6010 to MP6013, MP6018; Conflict MP6015; LimitReached MP6017;
    Unavailable MP6030.
    """
    ensure_can_sell(by=by, package=package)
    package = Package.objects.select_for_update(of=("self",)).select_related("publisher").get(pk=package.pk)
    for code, params in terms.problems():
        raise Invalid(code, params)
    if package.is_private:
        raise Invalid("MP6018")
    held = list(Price.objects.filter(package=package, archived_at=None))
    if len(held) >= PRICES_MOST:
        raise LimitReached("MP6017", {"most": PRICES_MOST})
    price = _written(package, terms, by)
    product = next((row.stripe_product for row in Price.objects.filter(package=package) if row.stripe_product), "")
    new = NewPrice(str(price.public_id), product, package.full_name, terms)
    price.stripe_product, price.stripe_price = billing().price_make(new)
    price.save(update_fields=["stripe_product", "stripe_price"])
    audit(Action.PRICE_CREATE, by=by, kind="price", subject=price.public_id, name=package.full_name, data=_data(price))
    _changed(package)
    return price


def _written(package: Package, terms: PriceTerms, by: Viewer) -> Price:
    try:
        with transaction.atomic():
            return Price.objects.create(
                package=package,
                interval=terms.interval.value,
                amount=terms.money.amount,
                currency=terms.money.currency,
                is_per_seat=terms.is_per_seat,
                trial_days=terms.trial_days,
                trial_needs_card=terms.trial_needs_card,
                created_by_id=by.user_id,
            )
    except IntegrityError as error:
        raise Conflict("MP6015", {"name": package.full_name}) from error


@transaction.atomic
def price_stop(*, price: Price, by: Viewer) -> Price:
    """Sell at this price no more; who bought keeps it. A package without a price is free. Raises as price_create."""
    ensure_can_sell(by=by, package=price.package)
    price = Price.objects.select_for_update(of=("self",)).select_related("package").get(pk=price.pk)
    if price.archived_at is not None:
        raise Conflict("MP6020")
    price.archived_at = timezone.now()
    price.save(update_fields=["archived_at"])
    billing().price_retire(price.stripe_price)
    name = price.package.full_name
    audit(Action.PRICE_STOP, by=by, kind="price", subject=price.public_id, name=name, data=_data(price))
    _changed(price.package)
    return price


@transaction.atomic
def promotion_create(
    *,
    package: Package,
    code: str,
    percent: int,
    by: Viewer,
    months: int | None = None,
    most_uses: int | None = None,
    expires_at: datetime | None = None,
) -> Promotion:
    """A code for a share off; raises Invalid MP6060, MP6062, Conflict MP6061, and as price_create."""
    ensure_can_sell(by=by, package=package)
    code = code.strip().upper()
    if CODE.fullmatch(code) is None:
        raise Invalid("MP6062")
    if not 1 <= percent <= PERCENT_MOST:
        raise Invalid("MP6060")
    products = sorted(
        set(Price.objects.filter(package=package, archived_at=None).values_list("stripe_product", flat=True))
    )
    if not products:
        raise Invalid("MP6019")
    limits = {"months": months, "most_uses": most_uses, "expires_at": expires_at}
    try:
        with transaction.atomic():
            made = Promotion.objects.create(package=package, code=code, percent_off=percent, **limits)
    except IntegrityError as error:
        raise Conflict("MP6061", {"code": code}) from error
    told = limits | {"expires_at": int(expires_at.timestamp()) if expires_at else None}
    key = str(made.public_id)
    made.stripe_promotion = billing().promotion_make(key=key, code=code, percent=percent, product=products, **told)  # type: ignore[arg-type]  # numbers by now
    made.save(update_fields=["stripe_promotion"])
    data = {"code": code, "percent": percent}
    audit(Action.PROMOTION_CREATE, by=by, kind="promotion", subject=made.public_id, name=package.full_name, data=data)
    return made


@transaction.atomic
def promotion_stop(*, promotion: Promotion, by: Viewer) -> Promotion:
    """The code is of no more use; who used it keeps what it gave."""
    ensure_can_sell(by=by, package=promotion.package)
    if promotion.stopped_at is None:
        promotion.stopped_at = timezone.now()
        promotion.save(update_fields=["stopped_at"])
        billing().promotion_stop(promotion.stripe_promotion)
        name = promotion.package.full_name
        audit(Action.PROMOTION_STOP, by=by, kind="promotion", subject=promotion.public_id, name=name)
    return promotion


def _data(price: Price) -> dict[str, object]:
    return {
        "amount": price.amount,
        "currency": price.currency,
        "interval": price.interval,
        "per_seat": price.is_per_seat,
        "trial_days": price.trial_days,
    }


def _changed(package: Package) -> None:
    """Everything that shows the package, or carries its bytes, is stale."""
    emit(PriceChanged(package.pk))
    emit(PackageChanged(package.pk))
