"""How many results each filter would leave: counted over at most COUNTED matches, in one query."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.conf import settings

from registry.domain.search_words import words_of
from registry.models import SearchDocument
from registry.selectors.filters import AT_MOST, REACHING, TOKENS, UNASKED, filtered
from registry.selectors.search import COUNTED, QUERY_MOST, matching, search

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

COLUMNS = (
    "kind", "category", "licence", "is_verified", "autonomy", "strip", "uses", "tokens_always", "clients", "tags",
    "price_from", "has_trial",
)  # fmt: skip
HARD = ("updated",)
NEAR = 100
TAGS_SHOWN = 20
LICENCES_SHOWN = 8
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
    documents, _understood, _wrong = filtered({name: chosen[name] for name in HARD if name in chosen})
    documents = matching(documents, words) if words.words else documents
    rows: list[Row] = list(documents.values(*COLUMNS)[: COUNTED + 1])
    if not rows and words.words:
        near = search(query=query, size=NEAR).ids
        rows = list(SearchDocument.objects.filter(pk__in=near).values(*COLUMNS))
    is_bounded = len(rows) > COUNTED
    tests = {name: test(chosen[name]) for name, test in TESTS.items() if chosen.get(name)}
    counts: dict[str, Counter[str]] = {name: Counter() for name in VALUES}
    total = 0
    for row in rows[:COUNTED]:
        failed = [name for name, test in tests.items() if not test(row)]
        total += not failed
        if len(failed) <= 1:
            for name, values in VALUES.items():
                if not failed or failed[0] == name:
                    counts[name].update(values(row))
    return Facets({name: _most(name, found) for name, found in counts.items()}, total, is_bounded)


def _most(name: str, found: Counter[str]) -> dict[str, int]:
    bound = {"tag": TAGS_SHOWN, "licence": LICENCES_SHOWN}.get(name)
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0]))[:bound])


def prices_said(row: Row) -> list[str]:
    """What a document is where packages are sold: free or paid, and whether it can be tried."""
    return ["free" if row["price_from"] is None else "paid", *(["trial"] if row["has_trial"] else [])]


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
    "tokens": lambda row: [most for most, _label in TOKENS if row["tokens_always"] <= int(most)],
    "without": lambda row: [family for family in FAMILY_NAMES if family not in row["uses"]],
    "client": lambda row: row["clients"],
    "tag": lambda row: row["tags"],
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
    "tokens": lambda value: lambda row: row["tokens_always"] <= int(value),
    "without": lambda value: lambda row: not set(value) & set(row["uses"]),
    "client": lambda value: lambda row: value in row["clients"],
    "tag": lambda value: lambda row: value.lower() in row["tags"],
    "price": lambda value: lambda row: settings.PAYMENTS == "off" or value in prices_said(row),
}
