"""Reads of prices: what a package costs, and which of many cost something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from payments.models import Price, Promotion

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from django.db.models import QuerySet

    from registry.models import Package


def prices_of(package: Package) -> QuerySet[Price]:
    """The prices in force, the lowest first; the lookup of one names `package__publisher` too."""
    return Price.objects.filter(package=package, archived_at=None).select_related("package__publisher")


def price_find(public_id: UUID | str) -> Price | None:
    """One price, in force or stopped."""
    return Price.objects.select_related("package__publisher").filter(public_id=public_id).first()


def priced_among(package_ids: Iterable[int]) -> set[int]:
    """Which of these packages (by primary key) have a price in force; one query."""
    wanted = set(package_ids)
    if not wanted:
        return set()
    held = Price.objects.filter(package_id__in=wanted, archived_at=None)
    return set(held.values_list("package_id", flat=True))


def lowest_prices(package_ids: Iterable[int]) -> dict[int, Price]:
    """The price to show for each of these packages: the lowest a month, then what is paid once; one query."""
    found: dict[int, Price] = {}
    for price in Price.objects.filter(package_id__in=set(package_ids), archived_at=None):
        best = found.get(price.package_id)
        if best is None or _rank(price) < _rank(best):
            found[price.package_id] = price
    return found


def _rank(price: Price) -> tuple[int, int, int]:
    order = {"month": 0, "year": 1, "once": 2}
    return order[price.interval], price.amount, price.pk


def promotions_of(package: Package) -> QuerySet[Promotion]:
    """The package's codes, the newest first; for who sells it."""
    return Promotion.objects.filter(package=package).select_related("package__publisher")
