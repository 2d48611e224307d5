"""Results, their facets, and what a beginning may become."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from marketplace.core import cursors
from marketplace.services.viewers import viewer_from
from marketplace.storefront.rows import rows_of
from marketplace.storefront.search_form import SORT_LABELS, chips, facet_list, facets_cached, pairs, parts_of
from marketplace.storefront.views.noting import list_note, search_note
from registry.selectors.filters import filtered
from registry.selectors.search import QUERY_MOST, packages_in_order, search, suggestions

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 20


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """One page of results; raises Invalid MP9012 for a cursor that is not ours."""
    return results_page(request, {})


def results_page(request: HttpRequest, fixed: dict[str, str], *, heading: str = "", feed: str = "") -> HttpResponse:
    """Results with `fixed` filters besides those that the address names; raises Invalid MP9012."""
    asked = request.GET.copy()
    for name, value in fixed.items():
        asked[name] = value
    query = query_of(request)
    documents, chosen, wrong = filtered(asked)
    sort = asked.get("sort", "")
    sort = sort if sort in SORT_LABELS else ""
    after = cursors.decode(str(asked["cursor"])) if asked.get("cursor") else {}
    found = search(query=query, documents=documents, sort=sort, after=after, size=PAGE)
    rows = rows_of(packages_in_order(viewer_from(request), found.ids), found.reasons)
    shown = [row.pk for row in rows]
    if query and not after:
        search_note(request, query, found.total, shown)
    else:
        list_note(request, shown)
    plain = [(key, value) for key, value in pairs(asked) if key not in {"cursor", "counts"}]
    counted = facets_cached(query, chosen, urlencode(plain), make="counts" in asked)
    context = {
        "heading": heading,
        "feed": feed,
        "query": query,
        "sort": sort,
        "sorts": [(value, label) for value, label in SORT_LABELS.items() if value or query],
        "facets": facet_list(chosen, counted),
        "is_counted": counted is not None,
        "facets_url": f"?{urlencode(plain)}",
        "chips": chips(chosen, asked),
        "wrong": wrong,
        "rows": [(row, parts_of(found.reasons.get(row.pk))) for row in rows],
        "found": found,
        "kept": [(key, value) for key, value in plain if key != "sort"],
        "next_cursor_url": _address(plain, found.following),
        "first_page_url": f"?{urlencode(plain)}" if after else "",
        "section": "browse",
    }
    return render(request, "storefront/search.html", context)


@require_safe
def facets(request: HttpRequest) -> HttpResponse:
    """The filters with their counts, a fragment of the results page."""
    query = query_of(request)
    _documents, chosen, _wrong = filtered(request.GET)
    plain = [(key, value) for key, value in pairs(request.GET) if key not in {"cursor", "counts"}]
    counted = facets_cached(query, chosen, urlencode(plain), make=True)
    context = {"facets": facet_list(chosen, counted), "is_counted": True, "chips": chips(chosen, request.GET)}
    return _fragment(render(request, "storefront/_facets.html", context))


@require_safe
def suggest(request: HttpRequest) -> HttpResponse:
    """Names that the words may become, as options of the search field."""
    found = suggestions(query_of(request))
    return _fragment(render(request, "storefront/_suggestions.html", {"names": found}))


def query_of(request: HttpRequest) -> str:
    """The words that were asked for."""
    return request.GET.get("q", "").replace("\0", "").strip()[:QUERY_MOST]


def _fragment(answer: HttpResponse) -> HttpResponse:
    patch_vary_headers(answer, ["HX-Request"])
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _address(plain: list[tuple[str, str]], following: dict[str, Any] | None) -> str:
    return f"?{urlencode([*plain, ('cursor', cursors.encode(following))])}" if following else ""
