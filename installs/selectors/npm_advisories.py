"""Published advisories about packages that a viewer may know of."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from installs.domain.npm_names import npm_name
from registry.domain.semver import max_satisfying
from registry.models import Advisory
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer

NUMBERS = 2**31


@dataclass(frozen=True, slots=True)
class Known:
    """An advisory as npm knows it."""

    advisory: Advisory

    @property
    def number(self) -> int:
        """A number that stands for it among npm's."""
        return self.advisory.public_id.int % NUMBERS

    def concerns(self, number: str) -> bool:
        """Whether version `number` is among those that it warns of."""
        return max_satisfying([number], self.advisory.vulnerable) is not None


def advisories_of(viewer: Viewer, names: Iterable[str]) -> dict[str, list[Known]]:
    """The advisories of the named packages, newest first, in one query; packages without any are missing.

    A public package of which nothing is left to give is still warned of: people have it.
    """
    wanted = [name for name in names if name.startswith("@")]
    if not wanted:
        return {}
    visible = packages_visible_to(viewer).filter(full_name__in=wanted).values("pk")
    known = Q(package__in=visible) | Q(package__is_private=False, package__full_name__in=wanted)
    rows = Advisory.objects.filter(known, withdrawn_at=None).select_related("package")
    rows = rows.order_by("-published_at", "-pk")
    found: dict[str, list[Known]] = defaultdict(list)
    for row in rows:
        found[npm_name(row.package.full_name)].append(Known(row))
    return dict(found)
