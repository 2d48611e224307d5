"""npm's search over the packages that a viewer may know of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q, QuerySet

from registry.domain.states import State
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from installs.domain.npm_search import Query
    from marketplace.domain.viewer import Viewer
    from registry.models import Package


def packages_searched(viewer: Viewer, query: Query) -> QuerySet[Package]:
    """Installable packages in which every word of the query is met, an exact name first, then the newest."""
    packages = packages_visible_to(viewer).filter(latest__state=State.PUBLISHED)
    for word in query.words:
        packages = packages.filter(
            Q(full_name__icontains=word) | Q(summary__icontains=word) | Q(keywords__contains=[word.lower()])
        )
    if query.publisher:
        packages = packages.filter(publisher__name=query.publisher)
    if query.keywords:
        packages = packages.filter(keywords__contains=list(query.keywords))
    exact = Q(full_name__in=query.words) | Q(name__in=query.words)
    return packages.alias(is_exact=exact).order_by("-is_exact", "-updated_at", "-pk")
