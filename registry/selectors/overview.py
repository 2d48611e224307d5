"""Numbers of the whole registry, and what changed lately in what packages can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, OuterRef, Q, Subquery

from marketplace.core.caching import age, recall, remember
from registry.domain.capabilities import Family
from registry.domain.states import SERVED
from registry.models import Package, SearchDocument, Version

if TYPE_CHECKING:
    from datetime import datetime

CATALOGUE = "catalogue"
"""Its age ends whenever a search document changes."""
KEPT_SECONDS = 60
LOOKED_AT = 80
LETTERS = "nlbu"


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of public packages: all, by kind, by category, and those that do without each capability."""

    total: int
    kinds: dict[str, int]
    categories: dict[str, int]
    without: dict[str, int]


@dataclass(frozen=True, slots=True)
class Change:
    """A newest version that can do more (or less) in one family than the version before it."""

    publisher: str
    name: str
    older: str
    newer: str
    family: str
    is_more: bool
    is_new: bool
    at: datetime


def overview() -> Overview:
    """The counts, remembered until a package changes."""
    key = f"overview:{age(CATALOGUE)}"
    found: Overview | None = recall(key)
    if found is None:
        found = _overview()
        remember(key, found, KEPT_SECONDS)
    return found


def _overview() -> Overview:
    documents = SearchDocument.objects.all()
    families: dict[str, Any] = {
        f"no_{family.value}": Count("pk", filter=~Q(uses__contains=[family.value])) for family in Family
    }
    counted = documents.aggregate(total=Count("pk"), **families)
    kinds = documents.order_by("kind").values_list("kind").annotate(count=Count("pk"))
    categories = documents.exclude(category="").order_by("category").values_list("category").annotate(count=Count("pk"))
    without = {family.value: counted[f"no_{family.value}"] for family in Family}
    return Overview(counted["total"], dict(kinds), dict(categories), without)


def changes(most: int = 5) -> list[Change]:
    """What the most recently updated public packages can do now and could not before, or no longer can."""
    recent = SearchDocument.objects.order_by("-updated_at", "-package_id").values_list("pk", flat=True)[:LOOKED_AT]
    before = (
        Version.objects.filter(
            package=OuterRef("package"), sort_key__lt=OuterRef("sort_key"), state__in=SERVED, is_prerelease=False
        )
        .exclude(strip="")
        .order_by("-sort_key")
    )
    versions = (
        Version.objects.filter(pk__in=Package.objects.filter(pk__in=list(recent)).values("latest_id"))
        .exclude(strip="")
        .annotate(old_strip=Subquery(before.values("strip")[:1]), old_number=Subquery(before.values("number")[:1]))
        .exclude(old_strip=None)
        .select_related("package__publisher")
        .order_by("-published_at")
    )
    return [change for version in versions if (change := _change(version)) is not None][:most]


def _change(version: Any) -> Change | None:
    moved = [
        (LETTERS.index(now) - LETTERS.index(then), then, family)
        for then, now, family in zip(version.old_strip, version.strip, Family, strict=False)
        if now != then
    ]
    if not moved:
        return None
    step, then, family = max(moved, key=lambda item: (item[0] > 0, abs(item[0])))
    is_new = then == "n" if step > 0 else version.strip[list(Family).index(family)] == "n"
    return Change(
        publisher=version.package.publisher.name,
        name=version.package.name,
        older=version.old_number,
        newer=version.number,
        family=family.value,
        is_more=step > 0,
        is_new=is_new,
        at=version.published_at,
    )
