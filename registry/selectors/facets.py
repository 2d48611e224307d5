"""How many results each filter would leave: counted over as many matches as a search counts, in one query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Case, Value, When

from registry.domain.search_words import words_of
from registry.models import SearchDocument
from registry.selectors.filters import AT_MOST, REACHING, TOKENS, UNASKED, filtered
from registry.selectors.search import COUNTED, LISTED, QUERY_MOST, matching, search
from registry.selectors.statements import rows_around

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.db.models import QuerySet

    from registry.domain.search_words import Words
    from registry.selectors.statements import Row

STORED = ("kind", "category", "licence", "is_verified", "autonomy", "strip", "uses", "clients", "has_trial")
COLUMNS = (*STORED, "tokens", "is_free", "is_tagged")
ALIKE = f"""
SELECT {", ".join(COLUMNS)}, count(*) AS n, string_agg(array_to_string(tags, E'\\x1f'), E'\\x1f') AS tags
FROM ({{}}) found GROUP BY {", ".join(COLUMNS)}
"""  # noqa: S608  (names of columns)
HARD = ("updated",)
NEAR = 100
SHOWN = {"tag": 20, "licence": 8}
TOKENS_MORE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Facets:
    """Counts by filter and value; `total` is bounded as that of a search, `is_bounded` says that there are more."""

    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    total: int = 0
    is_bounded: bool = False


def facets(*, query: str, chosen: Mapping[str, Any]) -> Facets:
    """Counts for each filter with all the other `chosen` filters applied."""
    words = words_of(query.replace("\0", " ").strip()[:QUERY_MOST])
    matched = _matched({name: chosen[name] for name in HARD if name in chosen}, words)
    bound = COUNTED if words.words else LISTED
    alike = _alike(matched, chosen, bound)
    if not alike and words.words:
        near = search(query=query, size=NEAR).ids
        alike = _alike(SearchDocument.objects.filter(pk__in=near), chosen, bound)
    counts, total = _counted(alike, chosen)
    found = {name: _most(name, counter) for name, counter in counts.items()}
    matches = sum(row["n"] for row in alike)
    return Facets(found, min(total, bound), matches > bound)


def _matched(chosen: Mapping[str, Any], words: Words) -> QuerySet[SearchDocument]:
    documents, _understood, _wrong = filtered(chosen)
    return matching(documents, words) if words.words else documents


def _alike(documents: QuerySet[SearchDocument], chosen: Mapping[str, Any], bound: int) -> list[Row]:
    """The first documents, as one row those that no filter tells apart: their number `n`, and all their tags."""
    steps = [When(tokens_always__lte=int(most), then=Value(int(most))) for most, _label in TOKENS]
    rows = documents.annotate(
        tokens=Case(*steps, default=Value(TOKENS_MORE)),
        is_free=Case(When(price_from=None, then=Value(value=True)), default=Value(value=False)),
        is_tagged=_is_tagged(str(chosen.get("tag", "")).lower()),
    )
    return rows_around(ALIKE, rows.values(*COLUMNS, "tags")[: bound + 1])


def _is_tagged(tag: str) -> Case:
    told = [When(tags__contains=[tag], then=Value(value=True))] if tag else []
    return Case(*told, default=Value(value=False))


def _counted(alike: list[Row], chosen: Mapping[str, Any]) -> tuple[dict[str, Counter[str]], int]:
    """A document counts for a filter when it passes all the others; how many pass them all."""
    tests = {name: test(chosen[name]) for name, test in TESTS.items() if chosen.get(name)}
    counts: dict[str, Counter[str]] = {name: Counter() for name in (*VALUES, "tag")}
    total = 0
    for row in alike:
        failed = [name for name, test in tests.items() if not test(row)]
        total += 0 if failed else row["n"]
        for name, values in VALUES.items():
            if failed in ([], [name]):
                counts[name].update(dict.fromkeys(values(row), row["n"]))
        if failed in ([], ["tag"]):
            counts["tag"].update(filter(None, row["tags"].split("\x1f")))
    return counts, total


def _most(name: str, found: Counter[str]) -> dict[str, int]:
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[: SHOWN.get(name)])


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
