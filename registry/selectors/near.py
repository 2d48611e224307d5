"""Packages and publishers whose names are nearly those that were asked for; only what the viewer may see."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.postgres.search import TrigramSimilarity
from django.urls import reverse

from marketplace.core.near import MOST, Near, typed_beside
from marketplace.core.postgres.limits import at_most
from registry.domain.search_words import distance
from registry.models import Package, Publisher
from registry.selectors.packages import packages_visible_to
from registry.selectors.spelling import CLOSE, allowed, names_near

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer

MILLISECONDS = 300
FAR = 9


def packages_near(viewer: Viewer, full_name: str) -> list[Near]:
    """The package itself (when only a page of it is missing), else those with nearly its name, the nearest first."""
    publisher, _slash, name = full_name.removeprefix("@").partition("/")
    found: list[Near] = []
    with at_most(MILLISECONDS, "near names"):
        visible = packages_visible_to(viewer)
        same = visible.filter(full_name=full_name).first()
        rows = [same] if same else visible.in_bulk([pk for pk, _name in names_near(name)]).values()
        ranked = sorted(rows, key=lambda package: (_away(package, publisher, name), package.full_name))
        found += [_near_package(package, full_name) for package in ranked[:MOST]]
        found += [] if found else publishers_near(viewer, publisher)
    return found


def publishers_near(viewer: Viewer, name: str) -> list[Near]:  # noqa: ARG001  (publishers are everybody's to see)
    """The publisher itself, else those with nearly its name, the nearest first."""
    found: list[Near] = []
    with at_most(MILLISECONDS, "near names"):
        same = Publisher.objects.filter(name=name).first()
        alike = Publisher.objects.filter(name__trigram_similar=name).annotate(near=TrigramSimilarity("name", name))
        rows = [same] if same else list(alike.order_by("-near", "name")[:CLOSE])
        bound = allowed(name)
        near = [(distance(name, row.name, bound), row) for row in rows]
        kept = sorted((pair for pair in near if pair[0] <= bound), key=lambda pair: (pair[0], pair[1].name))
        found += [_near_publisher(row, name) for _away, row in kept[:MOST]]
    return found


def _away(package: Package, publisher: str, name: str) -> int:
    return distance(package.name, name, FAR) + distance(package.publisher.name, publisher, FAR)


def _near_package(package: Package, typed: str) -> Near:
    return Near(
        name=package.full_name,
        path=reverse("package", args=[package.publisher.name, package.name]),
        kind=package.kind,
        summary=package.summary,
        strip=package.latest.strip if package.latest else "",
        is_verified=package.publisher.is_verified,
        icon=package.icon,
        typed=typed_beside(typed, package.full_name),
    )


def _near_publisher(publisher: Publisher, typed: str) -> Near:
    return Near(
        name=f"@{publisher.name}",
        path=reverse("publisher", args=[publisher.name]),
        kind="publisher",
        summary=publisher.summary,
        is_verified=publisher.is_verified,
        typed=typed_beside(f"@{typed}", f"@{publisher.name}"),
    )
