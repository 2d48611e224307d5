"""Tells search what packages cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payments.domain.prices import monthly
from payments.models import Price
from registry.services.search import facts_push

if TYPE_CHECKING:
    from payments.domain.events import PriceChanged
    from registry.domain.events import PackageChanged, VersionChanged


def price_push(event: PriceChanged | PackageChanged | VersionChanged) -> None:
    """Projection: the lowest price (minor units a month, or once) and whether there is a trial.

    Versions and packages are followed too, since their documents come and go.
    """
    terms = [price.terms for price in Price.objects.filter(package_id=event.package_id, archived_at=None)]
    lowest = min((monthly(item) for item in terms), default=None)
    facts_push(event.package_id, price_from=lowest, has_trial=any(item.trial_days for item in terms))
