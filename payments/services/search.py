"""Tells search what packages cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payments.domain.prices import monthly
from payments.models import Price
from registry.services.search import facts_push

if TYPE_CHECKING:
    from payments.domain.events import PriceChanged


def price_facts(package_id: int) -> dict[str, object]:
    """The lowest price (minor units a month, or once; None: free) and whether there is a trial; one query."""
    terms = [price.terms for price in Price.objects.filter(package_id=package_id, archived_at=None)]
    lowest = min((monthly(item) for item in terms), default=None)
    return {"price_from": lowest, "has_trial": any(item.trial_days for item in terms)}


def price_push(event: PriceChanged) -> None:
    """Projection: a document that stands says at once what the package costs now."""
    facts_push(event.package_id, **price_facts(event.package_id))
