"""Results."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.shortcuts import render
from django.views.decorators.http import require_safe

from marketplace.core import cursors
from marketplace.services.viewers import viewer_from
from marketplace.storefront.rows import rows_of
from registry.domain.kinds import Kind
from registry.models import Package
from registry.selectors.search import QUERY_MOST, SORTS, counts_by_kind, packages_in_order, search

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

PAGE = 20
DEEPEST = 1000


@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """One page of results; raises Invalid MP9012 for a cursor that is not ours."""
    query = request.GET.get("q", "").replace("\0", "").strip()[:QUERY_MOST]
    kind = request.GET.get("kind", "")
    kind = kind if kind in set(Kind) else ""
    sort = request.GET.get("sort", "")
    sort = sort if sort in SORTS else ""
    offset = int(cursors.decode(request.GET["cursor"])["at"]) if request.GET.get("cursor") else 0
    found = search(query=query, filters={"kind": kind} if kind else {}, sort=sort, offset=offset, size=PAGE)
    following = offset + PAGE if offset + PAGE < min(found.total, DEEPEST) else None
    chosen = {"q": query, "kind": kind, "sort": sort}
    context = {
        "query": query,
        "kind": kind,
        "sort": sort,
        "kinds": kinds(),
        "rows": rows_of(packages_in_order(viewer_from(request), found.ids)),
        "total": found.total,
        "meant": found.meant,
        "next_cursor_url": _address(chosen, following),
        "is_first_page": offset == 0,
    }
    return render(request, "storefront/search.html", context)


def kinds() -> list[tuple[str, str, int]]:
    """Each kind with its label and how many public packages there are."""
    counts = counts_by_kind()
    return [(value, str(label), counts.get(value, 0)) for value, label in Package.Kind.choices]


def _address(chosen: dict[str, str], following: int | None) -> str:
    if following is None:
        return ""
    return "?" + urlencode(
        {key: value for key, value in chosen.items() if value} | {"cursor": cursors.encode({"at": following})}
    )
