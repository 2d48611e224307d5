"""Finding packages: the best candidates by popularity first, then ranked by the words (measured: 14 ms on 886,000)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Case, Count, F, FloatField, Q, QuerySet, Value, When
from django.db.models.functions import Cast, Ln

from registry.domain.ranking import (
    ABOUT,
    EXACT,
    INSIDE,
    NAME,
    RATED_LEAST,
    RATING_MIDDLE,
    RATING_STEP,
    USE,
    Evidence,
    Why,
    why,
)
from registry.domain.search_words import Words, name_key, words_of
from registry.models import Package, SearchDocument
from registry.selectors.packages import packages_visible_to
from registry.selectors.spelling import corrected, names_near
from registry.selectors.statements import rows_around

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from django.db.models.expressions import Combinable

    from marketplace.domain.viewer import Viewer
    from registry.selectors.statements import Row

CANDIDATES = 1000
COUNTED = 2_000
"""So many matches of words are counted, and so many packages where there are none."""
LISTED = 10_000
EVIDENCE = ("package_id", "name_key", "popularity", "rating", "rating_count")
NAMED_MOST = 20
QUERY_MOST = 200
SORTS: dict[str, tuple[str, str]] = {
    "updated": ("-updated_at", "-package_id"),
    "newest": ("-created_at", "-package_id"),
    "name": ("name_key", "package_id"),
    "installs": ("-popularity", "package_id"),
    "trending": ("-growth", "-package_id"),
    "rating": ("-rating_sort", "-package_id"),
}


@dataclass(frozen=True, slots=True)
class Found:
    """One page: package keys in order, how many matched (at most `bound`), where the next page begins, why each.

    `meant` is the spelling that was searched for instead; `is_loose` says that not all words had to be there.
    """

    ids: list[int]
    total: int
    following: dict[str, Any] | None = None
    meant: str = ""
    is_loose: bool = False
    reasons: dict[int, Why] = field(default_factory=dict)
    bound: int = COUNTED

    @property
    def is_bounded(self) -> bool:
        """Whether there may be more than were counted."""
        return self.total >= self.bound


def search(
    *,
    query: str,
    documents: QuerySet[SearchDocument] | None = None,
    sort: str = "",
    after: Mapping[str, Any] | None = None,
    size: int = 20,
) -> Found:
    """Public packages among `documents` that match; without words all of them, the most installed first."""
    base = SearchDocument.objects.all() if documents is None else documents
    words = words_of(query.replace("\0", " ").strip()[:QUERY_MOST])
    if not words.words:
        return _listed(base, sort if sort in SORTS else "installs", after or {}, size, LISTED)
    matched = matching(base, words)
    if sort in SORTS:
        return _listed(matched, sort, after or {}, size, COUNTED)
    return _ranked(base, words, after or {}, size)


def first(sort: str, size: int) -> list[int]:
    """The keys of the first public packages in one of SORTS."""
    return list(SearchDocument.objects.order_by(*SORTS[sort]).values_list("pk", flat=True)[:size])


def growing(size: int) -> dict[int, int]:
    """The keys of the public packages whose installs grow most, the fastest first, each with by how many."""
    rows = SearchDocument.objects.filter(growth__gt=0).order_by(*SORTS["trending"])
    return dict(rows.values_list("pk", "growth")[:size])


def matching(documents: QuerySet[SearchDocument], words: Words) -> QuerySet[SearchDocument]:
    """The documents that the words fit."""
    return documents.filter(vector=_query(words))


def _query(words: Words) -> SearchQuery:
    return SearchQuery(words.tsquery, search_type="raw" if words.is_raw else "websearch", config="english")


def _listed(documents: QuerySet[SearchDocument], sort: str, after: Mapping[str, Any], size: int, bound: int) -> Found:
    """A page by keyset: `after` holds the last row's values."""
    order = SORTS[sort]
    if sort == "rating":
        documents = documents.filter(rating__isnull=False).annotate(rating_sort=F("rating"))
    total = documents[:bound].count()
    first, second = (name.lstrip("-") for name in order)
    if "first" in after and "second" in after:
        beyond = [f"{name.lstrip('-')}__{'lt' if name.startswith('-') else 'gt'}" for name in order]
        documents = documents.filter(
            Q(**{beyond[0]: after["first"]}) | Q(**{first: after["first"], beyond[1]: after["second"]})
        )
    rows = list(documents.order_by(*order).values_list(first, second)[: size + 1])
    following = None
    if len(rows) > size:
        value, key = rows[size - 1]
        following = {"first": value if isinstance(value, int | float | str) else value.isoformat(), "second": key}
    return Found([key for _value, key in rows[:size]], total, following, bound=bound)


SCORED = """
SELECT *, count(*) OVER () AS candidates FROM ({}) best ORDER BY score DESC, package_id LIMIT %s OFFSET %s
"""


@dataclass(frozen=True, slots=True)
class _Scored:
    """A part of the candidates, the best first, and how many candidates there are."""

    reasons: dict[int, Why]
    count: int


def _ranked(base: QuerySet[SearchDocument], words: Words, after: Mapping[str, Any], size: int) -> Found:
    """A page of the ranked candidates by position; a cursor of another query begins again."""
    digest = hashlib.sha256(words.text.encode()).hexdigest()[:12]
    at = int(after.get("at", 0)) if after.get("query") == digest else 0
    meant, is_loose = "", False
    found = _scored(base, words, at, size)
    if not found.count and (not at or not _scored(base, words, 0, 1).count):
        found, meant, is_loose = _guessed(base, words, at, size)
    total = found.count
    if total >= CANDIDATES:
        total = max(matching(base, words)[:COUNTED].count(), total)
    following = {"at": at + size, "query": digest} if at + size < found.count else None
    return Found(list(found.reasons), total, following, meant, is_loose, found.reasons)


def _guessed(base: QuerySet[SearchDocument], words: Words, at: int, size: int) -> tuple[_Scored, str, bool]:
    """What was perhaps meant by words that nothing fits, as what it was taken for; else what fits some of the words."""
    meant = corrected(words.text)
    near = [pk for pk, _name in names_near(words.text, base)]
    ranked = {pk: Why() for pk in near}
    if meant:
        ranked |= _scored(base, words_of(meant), 0, CANDIDATES).reasons
    elif near:
        meant = SearchDocument.objects.filter(pk=near[0]).values_list("name_key", flat=True)[0]
    if not ranked and len(words.words) > 1:
        return _scored(base, words_of(meant or words.text, any_of=True), at, size), meant, True
    page = list(ranked)[at : at + size]
    return _Scored({pk: ranked[pk] for pk in page}, len(ranked)), meant, False


def _scored(base: QuerySet[SearchDocument], words: Words, at: int, size: int) -> _Scored:
    """The candidates from position `at` on in the order of their scores, with the reasons."""
    key, ranks = name_key(words.text), _ranks(words)

    def scored(documents: QuerySet[SearchDocument]) -> QuerySet[Any, Any]:
        known = documents.annotate(**ranks, score=_score(ranks, key))
        rows: QuerySet[Any, Any] = known.values(*EVIDENCE, *ranks, "score")
        return rows

    best = scored(matching(base, words).order_by("-popularity", "package_id"))[:CANDIDATES]
    rows = rows_around(SCORED, best.union(scored(base.filter(name_key=key))[:NAMED_MOST]), size, at)
    return _Scored({row["package_id"]: _why(row, key) for row in rows}, rows[0]["candidates"] if rows else 0)


def _ranks(words: Words) -> dict[str, SearchRank]:
    """PostgreSQL's ranks of the three texts: name, what it is about, what is inside."""
    query = _query(words)
    weights = {"in_name": [0, 0, 0, 1], "about": [0, 0, 1, 0], "inside": [0, 1, 0, 0]}
    return {part: SearchRank(F("vector"), query, weights=weight) for part, weight in weights.items()}


def _score(ranks: Mapping[str, SearchRank], key: str) -> Combinable:
    """`Why.score`, in the database."""
    words = NAME * ranks["in_name"] + ABOUT * ranks["about"] + INSIDE * ranks["inside"]
    use = USE * Ln(Cast("popularity", FloatField()) + 1.0)
    is_rated = Q(rating__isnull=False, rating_count__gte=RATED_LEAST)
    rated = Case(When(is_rated, then=F("rating")), default=Value(RATING_MIDDLE)) - RATING_MIDDLE
    exact = Case(When(name_key=key, then=Value(EXACT)), default=Value(0.0))
    return exact + words * (1.0 + use + RATING_STEP * rated)


def _why(row: Row, key: str) -> Why:
    """Why a document is where it is."""
    fits = (row[part] for part in ("in_name", "about", "inside"))
    use = (row[part] for part in ("popularity", "rating", "rating_count"))
    return why(Evidence(row["package_id"], row["name_key"] == key, *fits, *use))


def packages_in_order(viewer: Viewer, ids: Iterable[int]) -> list[Package]:
    """The packages of the keys, in that order, as far as the viewer may see them."""
    wanted = list(ids)
    found = packages_visible_to(viewer).in_bulk(wanted)
    return [found[pk] for pk in wanted if pk in found]


def suggestions(text: str, most: int = 8) -> list[str]:
    """Full names that a beginning may become: names that start so, then documents with such a word."""
    words = words_of(text.replace("\0", " ").strip()[:QUERY_MOST], prefix=True)
    if not words.words:
        return []
    documents = SearchDocument.objects.order_by("-popularity", "package_id")
    key = name_key(words.text)
    ids = list(documents.filter(name_key__startswith=key).values_list("pk", flat=True)[:most])
    if len(ids) < most and words.is_raw:
        more = documents.filter(vector=_query(words)).exclude(pk__in=ids)
        ids += more.values_list("pk", flat=True)[: most - len(ids)]
    names = dict(Package.objects.filter(pk__in=ids).values_list("pk", "full_name"))
    return [names[pk] for pk in ids if pk in names]


def counts_by_kind() -> dict[str, int]:
    """How many public packages there are of each kind."""
    rows = SearchDocument.objects.values("kind").annotate(count=Count("pk")).order_by("kind")
    return {row["kind"]: row["count"] for row in rows}
