"""How many results each filter would leave: counted over at most COUNTED matches, in one query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Case, Value, When

from registry.domain.search_words import words_of
from registry.models import SearchDocument
from registry.selectors.filters import AT_MOST, REACHING, TOKENS, UNASKED, filtered
from registry.selectors.search import COUNTED, QUERY_MOST, matching, search

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from registry.domain.search_words import Words

COLUMNS = ("kind", "category", "licence", "is_verified", "autonomy", "strip", "uses", "clients", "has_trial")
HARD = ("updated",)
NEAR = 100
TAGS_SHOWN = 20
LICENCES_SHOWN = 8
TOKENS_MORE = 2**31 - 1
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts by filter and value; `total` is bounded by COUNTED, `is_bounded` says that there are more."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    total: int = 0
    is_bounded: bool = False


def facets(*, query: str, chosen: Mapping[str, Any]) -> Facets:
    """Counts for each filter with all the other `chosen` filters applied."""
    words = words_of(query.replace("\0", " ").strip()[:QUERY_MOST])
    matched = _matched({name: chosen[name] for name in HARD if name in chosen}, words)
    alike = _alike(matched, chosen)
    if not alike and words.words:
        near = search(query=query, size=NEAR).ids
        alike = _alike(SearchDocument.objects.filter(pk__in=near), chosen)
        tagged = SearchDocument.objects.filter(pk__in=near)
    else:
        tagged = _matched({name: value for name, value in chosen.items() if name != "tag"}, words)
    counts, total = _counted(alike, chosen)
    found = {name: _most(name, counter) for name, counter in counts.items()}
    matches = sum(row["n"] for row in alike)
    return Facets(found | {"tag": _tags(tagged)}, min(total, COUNTED), matches > COUNTED)


def _matched(chosen: Mapping[str, Any], words: Words) -> QuerySet[SearchDocument]:
    documents, _understood, _wrong = filtered(chosen)
    return matching(documents, words) if words.words else documents


def _alike(documents: QuerySet[SearchDocument], chosen: Mapping[str, Any]) -> list[Row]:
    """The first documents, those that the filters cannot tell apart as one row with their number `n`."""
    steps = [When(tokens_always__lte=int(most), then=Value(int(most))) for most, _label in TOKENS]
    rows = documents.annotate(
        tokens=Case(*steps, default=Value(TOKENS_MORE)),
        is_free=Case(When(price_from=None, then=Value(value=True)), default=Value(value=False)),
        is_tagged=Case(
            When(tags__contains=[str(chosen.get("tag", "")).lower()], then=Value(value=True)),
            default=Value(value=False),
        ),
    ).values(*COLUMNS, "tokens", "is_free", "is_tagged")[: COUNTED + 1]
    alike = ", ".join(str(column) for column in range(1, len(COLUMNS) + 4))
    return _rows(f"SELECT found.*, count(*) AS n FROM ({{}}) found GROUP BY {alike}", rows)  # noqa: S608  (numbers)


def _tags(documents: QuerySet[SearchDocument]) -> dict[str, int]:
    """The tags that most of the first documents carry."""
    words = "SELECT tag, count(*) AS n FROM ({}) found, unnest(found.tags) tag GROUP BY tag ORDER BY n DESC, tag"
    return {row["tag"]: row["n"] for row in _rows(f"{words} LIMIT {TAGS_SHOWN}", documents.values("tags")[:COUNTED])}


def _rows(words: str, found: QuerySet[Any, Any]) -> list[Row]:
    """Run `words` with what was found in the place of its braces."""
    query: Any = found.query
    try:
        sql, values = query.sql_with_params()
    except EmptyResultSet:
        return []
    with connection.cursor() as cursor:
        cursor.execute(words.format(sql), values)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _counted(alike: list[Row], chosen: Mapping[str, Any]) -> tuple[dict[str, Counter[str]], int]:
    """A document counts for a filter when it passes all the others; how many pass them all."""
    tests = {name: test(chosen[name]) for name, test in TESTS.items() if chosen.get(name)}
    counts: dict[str, Counter[str]] = {name: Counter() for name in VALUES}
    total = 0
    for row in alike:
        failed = [name for name, test in tests.items() if not test(row)]
        total += 0 if failed else row["n"]
        for name, values in VALUES.items():
            if failed in ([], [name]):
                counts[name].update(dict.fromkeys(values(row), row["n"]))
    return counts, total


def _most(name: str, found: Counter[str]) -> dict[str, int]:
    bound = LICENCES_SHOWN if name == "licence" else None
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:bound])


def prices_said(row: Row) -> list[str]:
    """What a document is where packages are sold: free or paid, and whether it can be tried."""
    return ["free" if row["is_free"] else "paid", *(["trial"] if row["has_trial"] else [])]


def reaches_at_most(row: Row, most: str) -> bool:
    """Whether no family of the document reaches further; False for one that was never read."""
    return bool(row["strip"]) and set(row["strip"]) <= set(REACHING[most])


FAMILY_NAMES = ("shell", "files", "network", "secrets", "hooks", "servers", "fetch", "bypass")
VALUES: dict[str, Callable[[Row], list[str]]] = {
    "kind": lambda row: [row["kind"]],
    "category": lambda row: [row["category"]] if row["category"] else [],
    "licence": lambda row: [row["licence"]] if row["licence"] else [],
    "verified": lambda row: ["true"] if row["is_verified"] else [],
    "quiet": lambda row: ["true"] if row["autonomy"] != UNASKED else [],
    "autonomy": lambda row: [most for most, words in AT_MOST.items() if row["autonomy"] in words],
    "reach": lambda row: [most for most in REACHING if reaches_at_most(row, most)],
    "tokens": lambda row: [most for most, _label in TOKENS if row["tokens"] <= int(most)],
    "without": lambda row: [family for family in FAMILY_NAMES if family not in row["uses"]],
    "client": lambda row: row["clients"],
    "price": prices_said,
}
TESTS: dict[str, Callable[[Any], Callable[[Row], bool]]] = {
    "kind": lambda value: lambda row: row["kind"] in value,
    "category": lambda value: lambda row: row["category"] == value,
    "licence": lambda value: lambda row: row["licence"] == value,
    "verified": lambda value: lambda row: bool(row["is_verified"]) == value,
    "quiet": lambda value: lambda row: not value or row["autonomy"] != UNASKED,
    "autonomy": lambda value: lambda row: row["autonomy"] in AT_MOST[value],
    "reach": lambda value: lambda row: reaches_at_most(row, value),
    "tokens": lambda value: lambda row: row["tokens"] <= int(value),
    "without": lambda value: lambda row: not set(value) & set(row["uses"]),
    "client": lambda value: lambda row: value in row["clients"],
    "tag": lambda _value: lambda row: bool(row["is_tagged"]),
    "price": lambda value: lambda row: settings.PAYMENTS == "off" or value in prices_said(row),
}
