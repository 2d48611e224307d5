"""What a package costs, for whoever looks at its page or finds it in a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext as _

from payments.domain.licences import OPEN
from payments.selectors.licences import licence_for
from payments.selectors.prices import lowest_prices, prices_of
from payments.services.access import may_sell
from payments.services.switch import is_selling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer
    from payments.models import Licence, Price
    from registry.models import Package


@dataclass(frozen=True, slots=True)
class PriceBox:
    """Prices in force (none: it is free), the viewer's licence, and where to go; absent where nothing is sold."""

    prices: list[Price]
    licence: Licence | None
    is_licensed: bool
    buy_url: str
    prices_url: str

    @property
    def first(self) -> Price | None:
        """The price that is shown biggest."""
        return min(self.prices, key=rank, default=None)


def rank(price: Price) -> tuple[int, int]:
    """Monthly prices first, then the cheapest."""
    return {"month": 0, "year": 1, "once": 2}[price.interval], price.amount


def price_box(viewer: Viewer, package: Package) -> PriceBox | None:
    """The box for one viewer; None where nothing is sold."""
    if not is_selling():
        return None
    names = {"publisher": package.publisher.name, "name": package.name}
    held = list(prices_of(package))
    licence = licence_for(viewer, package.pk) if held and not viewer.is_anonymous else None
    return PriceBox(
        prices=held,
        licence=licence,
        is_licensed=licence is not None and licence.state in OPEN,
        buy_url=reverse("buy", kwargs=names),
        prices_url=reverse("prices", kwargs=names) if may_sell(viewer, package) and not package.is_private else "",
    )


def price_texts(packages: Iterable[Package]) -> dict[int, tuple[str, str]]:
    """For lists: the amount and its unit by package; none where nothing is sold. One query."""
    if not is_selling():
        return {}
    keys = [package.pk for package in packages]
    found = lowest_prices(keys)
    return {key: _text(found[key]) if key in found else (_("Free"), "") for key in keys}


def _text(price: Price) -> tuple[str, str]:
    units = {"month": _("month"), "year": _("year"), "once": _("once")}
    unit = units[price.interval]
    return str(price.money), _("seat / %(unit)s") % {"unit": unit} if price.is_per_seat else unit
