"""What the results page says around the results: chosen filters, facets, the parts of a score."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.caching import age, recall, remember
from marketplace.core.codes.capabilities import FAMILIES
from payments.services.switch import is_selling
from registry.models import Package
from registry.selectors.facets import Facets, facets
from registry.selectors.filters import AUTONOMY, CLIENTS, PRICES, REACH, TOKENS, UPDATED
from registry.selectors.overview import CATALOGUE

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict  # noqa: TID251  (the address of a page is what this module works on)

    from registry.domain.ranking import Why

CACHED_SECONDS = 60
YES = "true"
SORT_LABELS = {
    "": gettext_lazy("Best match"),
    "trending": gettext_lazy("Trending"),
    "installs": gettext_lazy("Most installed"),
    "rating": gettext_lazy("Best rated"),
    "updated": gettext_lazy("Recently updated"),
    "newest": gettext_lazy("Newest"),
    "name": gettext_lazy("Name"),
}
PARTS = {
    "exact": gettext_lazy("The name itself"),
    "name": gettext_lazy("Words in the name"),
    "about": gettext_lazy("Words in the summary"),
    "inside": gettext_lazy("Words in its parts"),
    "installs": gettext_lazy("Installs, 30 days"),
    "rating": gettext_lazy("Rating"),
}


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a filter; `count` None while it was not counted."""

    value: str
    label: str
    count: int | None
    is_chosen: bool
    icon: str = ""


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter with its values; `control` is checkbox or radio."""

    name: str
    legend: str
    control: str
    options: list[Option]


@dataclass(frozen=True, slots=True)
class Chip:
    """A chosen filter and the address without it."""

    label: str
    without: str


def facets_cached(query: str, chosen: dict[str, Any], address: str, *, make: bool) -> Facets | None:
    """The facets of these results, remembered until a package changes; None: not there, and not to be made."""
    key = f"facets:{age(CATALOGUE)}:{sha256(address.encode()).hexdigest()[:32]}"
    found: Facets | None = recall(key)
    if found is None and make:
        found = facets(query=query, chosen=chosen)
        remember(key, found, CACHED_SECONDS)
    return found


def facet_list(chosen: dict[str, Any], found: Facets | None) -> list[Facet]:
    """The filters in the order of the page; values that a count leaves empty are left out unless chosen."""
    counts = found.counts if found else {}

    def options(name: str, choices: Iterable[tuple[str, Any]], *, icons: bool = False) -> list[Option]:
        taken = chosen.get(name, [])
        taken = taken if isinstance(taken, list) else [YES if taken is True else str(taken)]
        known = counts.get(name)
        rows = [
            Option(value, str(label), known.get(value, 0) if known is not None else None, value in taken)
            for value, label in choices
        ]
        rows = [replace(row, icon=row.value) for row in rows] if icons else rows
        return [row for row in rows if row.count is None or row.count or row.is_chosen]

    def counted(name: str) -> list[tuple[str, str]]:
        values = list(counts.get(name, {}))
        own = str(chosen[name]) if chosen.get(name) else ""
        return [(value, value) for value in ([own] if own and own not in values else []) + values]

    families = [(family, _("No %(family)s") % {"family": str(label).lower()}) for family, label in FAMILIES.items()]
    groups = [
        Facet("kind", _("Kind"), "checkbox", options("kind", Package.Kind.choices, icons=True)),
        Facet("without", _("Must not use"), "checkbox", options("without", families, icons=True)),
        Facet("autonomy", _("Autonomy"), "radio", options("autonomy", AUTONOMY)),
        Facet("reach", _("Reach"), "radio", options("reach", REACH)),
        Facet("category", _("Category"), "radio", options("category", Package.Category.choices)),
        Facet("tokens", _("Context cost"), "radio", options("tokens", TOKENS)),
        *([Facet("price", _("Price"), "radio", options("price", PRICES))] if is_selling() else []),
        Facet("verified", _("Publisher"), "checkbox", options("verified", [(YES, _("Verified"))])),
        Facet("client", _("Works with"), "radio", options("client", CLIENTS)),
        Facet("licence", _("Licence"), "radio", options("licence", counted("licence"))),
        Facet("updated", _("Updated"), "radio", options("updated", UPDATED)),
    ]
    return [
        group for group in groups if group.options and (found or chosen.get(group.name) or group.name != "verified")
    ]


def chips(chosen: dict[str, Any], asked: QueryDict) -> list[Chip]:
    """The chosen filters, each with the address that leaves it out."""
    labels: dict[str, dict[Any, Any]] = {
        "kind": dict(Package.Kind.choices),
        "category": dict(Package.Category.choices),
        "without": {family: _("No %(family)s") % {"family": str(label).lower()} for family, label in FAMILIES.items()},
        "quiet": {YES: _("Nothing runs unasked")},
        "autonomy": dict(AUTONOMY),
        "reach": dict(REACH),
        "verified": {YES: _("Verified publisher")},
        "client": dict(CLIENTS),
        "updated": dict(UPDATED),
        "tokens": dict(TOKENS),
    }
    found = []
    for name, value in chosen.items():
        for one in value if isinstance(value, list) else [YES if value is True else str(value)]:
            rest = [(key, item) for key, item in pairs(asked) if (key, item) != (name, one) and key != "cursor"]
            found.append(Chip(str(labels.get(name, {}).get(one, one)), f"?{urlencode(rest)}"))
    return found


def pairs(asked: QueryDict) -> list[tuple[str, str]]:
    """The address's parameters, in order, with their repetitions; empty ones left out."""
    return [(key, value) for key, values in asked.lists() for value in values if value]


def parts_of(reason: Why | None) -> list[tuple[str, str, int]]:
    """The parts of a score: what, how much, and a bar's length of 100."""
    if reason is None or not reason.parts:
        return []
    most = max(value for _part, value in reason.parts)
    return [(str(PARTS[part]), f"{value:.2f}", max(2, round(100 * value / most))) for part, value in reason.parts]
