"""npm's search over the packages that a viewer may know of: exact names, then private ones, then the public by rank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import F, FloatField, Q, QuerySet, Value
from django.db.models.functions import Cast, Ln

from registry.models import Package, PrivateSearchDocument, SearchDocument
from registry.selectors.packages import maintained_by, packages_visible_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from installs.domain.npm_search import Query
    from marketplace.domain.viewer import Viewer

RANKED = 1000
EXACT_MOST = 20
POPULAR = ("-popularity", "package_id")


@dataclass(frozen=True, slots=True)
class Found:
    """One page of packages, each with its downloads of thirty days, and how many there are on all pages."""

    packages: list[tuple[Package, int]]
    total: int


def packages_searched(viewer: Viewer, query: Query) -> Found:
    """The page that the query asks for; pages of one query neither overlap nor leave anything out."""
    public = _matched(SearchDocument.objects.all(), query)
    private = _matched(_private(viewer), query)
    hidden = 0 if viewer.is_anonymous else private.count()
    total = public.count() + hidden
    ids = list(_page(public, private if hidden else None, query))
    packages = packages_visible_to(viewer).in_bulk(ids)
    popularity = dict(SearchDocument.objects.filter(pk__in=ids).values_list("pk", "popularity"))
    return Found([(packages[pk], popularity.get(pk, 0)) for pk in ids if pk in packages], total)


def _private(viewer: Viewer) -> QuerySet[PrivateSearchDocument]:
    mine = Package.objects.filter(maintained_by(viewer), is_private=True).values("pk")
    theirs = Q(organization_id__in=viewer.organization_ids) | Q(package_id__in=mine)
    return PrivateSearchDocument.objects.filter(theirs)


def _matched(documents: QuerySet[Any], query: Query) -> QuerySet[Any]:
    if query.prefixes:
        documents = documents.filter(_words(query))
    elif query.words:
        return documents.none()
    if query.publisher:
        documents = documents.filter(package__publisher__name=query.publisher)
    if query.keywords:
        documents = documents.filter(package__keywords__contains=list(query.keywords))
    if query.is_unstable is not None:
        unstable = Q(package__latest__is_prerelease=True) | Q(package__latest__number__startswith="0.")
        documents = documents.filter(unstable if query.is_unstable else ~unstable)
    return documents


def _words(query: Query) -> Q:
    met = Q(vector=SearchQuery(query.prefixes, search_type="raw", config="english"))
    return met | Q(name_key__startswith=query.name) if query.name else met


def _exact(query: Query) -> Q:
    named = Q(name_key=query.name)
    return named & Q(package__publisher__name=query.scope) if query.scope else named


def _page(public: QuerySet[Any], private: QuerySet[Any] | None, query: Query) -> Iterator[int]:
    """Walk the parts one after the other: what stands in one is left out of those behind it."""
    first, left = query.offset, query.size
    exact: list[int] = []
    if query.name and query.is_exact_first:
        for documents in (public, private):
            if documents is not None:
                exact += documents.filter(_exact(query)).order_by("pk").values_list("pk", flat=True)[:EXACT_MOST]
    for part in _parts(public.exclude(pk__in=exact), private, exact, query):
        size = len(part) if isinstance(part, list) else part.count() if first else left
        taken = list(part[first : first + left]) if first < size else []
        yield from taken
        first, left = max(0, first - size), left - len(taken)
        if not left:
            return


def _parts(
    public: QuerySet[Any], private: QuerySet[Any] | None, exact: list[int], query: Query
) -> Iterator[list[int] | QuerySet[Any]]:
    yield exact
    if private is not None:
        hidden = private.exclude(pk__in=exact).order_by("-updated_at", "-package_id")
        yield hidden.values_list("pk", flat=True)
    popular = public.order_by(*POPULAR).values_list("pk", flat=True)
    if not query.prefixes:
        yield popular
        return
    best = list(popular[:RANKED])
    yield _ranked(best, query) if len(best) > 1 else best
    if len(best) == RANKED:
        yield popular[RANKED:]


def _ranked(best: Sequence[int], query: Query) -> list[int]:
    rank = SearchRank(F("vector"), SearchQuery(query.prefixes, search_type="raw", config="english"))
    weight = Ln(Cast(F("popularity"), FloatField()) + Value(3.0))
    rows = SearchDocument.objects.filter(pk__in=best).annotate(rank=rank * weight)
    return list(rows.order_by("-rank", "pk").values_list("pk", flat=True))
