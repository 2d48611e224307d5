"""What a package needs besides itself, by the full names of this site."""

from __future__ import annotations

from typing import TYPE_CHECKING

from registry.domain.names import FullName, NameRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MOST = 50


def required_names(publisher: str, requires: Iterable[Mapping[str, str]], *, sites: frozenset[str]) -> list[str]:
    """The full names behind a manifest's `requires`, in order, at most MOST.

    A bare name is the publisher's own; one of another marketplace is that publisher's; `<publisher>.<name>` is how the
    marketplaces of this site (`sites`) call an entry.
    """
    found: dict[str, None] = {}
    for item in requires:
        name = _full_name(publisher, item.get("name", ""), item.get("marketplace", ""), sites)
        if name:
            found[name] = None
    return list(found)[:MOST]


def _full_name(publisher: str, name: str, marketplace: str, sites: frozenset[str]) -> str:
    if name.startswith("@"):
        text = name
    elif marketplace in sites and "." in name:
        text = f"@{name.replace('.', '/', 1)}"
    elif marketplace in sites or not marketplace:
        text = f"@{publisher}/{name}"
    else:
        text = f"@{marketplace}/{name}"
    try:
        return str(FullName.parse(text))
    except NameRefused:
        return ""
