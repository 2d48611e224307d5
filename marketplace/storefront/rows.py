"""A package as one row of a list: what every page that names packages shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from installs.selectors.counts import downloads_of
from marketplace.storefront.selling import price_texts
from reviews.selectors.posts import ratings_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from registry.domain.ranking import Why
    from registry.models import Package


@dataclass(frozen=True, slots=True)
class PackageRow:
    """One line of a list; `downloads` are distinct ones of the last thirty days, None while there are none."""

    pk: int
    full_name: str
    publisher: str
    name: str
    kind: str
    kind_label: str
    summary: str
    latest: str
    updated_at: datetime
    licence: str
    is_private: bool
    downloads: int | None
    strip: str = ""
    tokens: int = 0
    is_verified: bool = False
    why: Why | None = None
    price: str = ""
    price_unit: str = ""
    rating: float | None = None
    ratings: int = 0
    icon: str = ""


def rows_of(packages: Iterable[Package], reasons: Mapping[int, Why] | None = None) -> list[PackageRow]:
    """Rows in the order given; one query for all the numbers, one for the prices, one for the ratings."""
    listed = list(packages)
    counts = downloads_of([package.pk for package in listed])
    prices = price_texts(listed)
    rated = ratings_of([package.pk for package in listed])
    return [
        PackageRow(
            pk=package.pk,
            full_name=package.full_name,
            publisher=package.publisher.name,
            name=package.name,
            kind=package.kind,
            kind_label=package.get_kind_display(),
            summary=package.summary,
            latest=package.latest.number if package.latest else "",
            updated_at=package.updated_at,
            licence=package.licence,
            is_private=package.is_private,
            downloads=counts.get(package.pk),
            strip=package.latest.strip if package.latest else "",
            tokens=package.latest.tokens_always if package.latest else 0,
            is_verified=package.publisher.is_verified,
            why=(reasons or {}).get(package.pk),
            price=prices.get(package.pk, ("", ""))[0],
            price_unit=prices.get(package.pk, ("", ""))[1],
            rating=rated[package.pk].mean if package.pk in rated else None,
            ratings=rated[package.pk].count if package.pk in rated else 0,
            icon=package.icon,
        )
        for package in listed
    ]
