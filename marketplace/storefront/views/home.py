"""The first page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.contrib.humanize.templatetags.humanize import intcomma
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from installs.selectors.trends import daily_counts
from marketplace.core.codes.capabilities import FAMILIES
from marketplace.services.viewers import viewer_from
from marketplace.storefront.rows import PackageRow, rows_of
from marketplace.storefront.sparks import spark
from marketplace.storefront.views.noting import list_note
from registry.domain.kinds import Kind
from registry.models import Package
from registry.selectors.collections import collections_listed, shelves
from registry.selectors.overview import Overview, changes, overview
from registry.selectors.search import first, growing, packages_in_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.http import HttpRequest, HttpResponse

SHOWN = 6
SHELVES = 4
TRENDING = 8
TRIES = ("flaky tests", "review sql", "release notes", "accessibility", "secrets")


@dataclass(frozen=True, slots=True)
class Trend:
    """A package whose installs grow: the number of this week, and how much more that is than the week before."""

    row: PackageRow
    line: str
    week: int
    more: int


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Search first, then what grows, what is new, what changed in what packages can do, and the categories."""
    viewer = viewer_from(request)
    numbers = overview()
    newest, updated = first("newest", SHOWN), first("updated", TRENDING)
    more = growing(TRENDING)
    rows = {row.pk: row for row in rows_of(packages_in_order(viewer, dict.fromkeys([*more, *newest, *updated])))}
    list_note(request, rows)
    context = {
        "total": numbers.total,
        "kinds": [(kind, said % {"n": intcomma(numbers.kinds[kind])}) for kind, said in kinds(numbers)],
        "categories": [
            (value, label, numbers.categories[value])
            for value, label in Package.Category.choices
            if value in numbers.categories
        ],
        "families": [(family, label, numbers.without[family]) for family, label in FAMILIES.items()],
        "changes": changes(),
        "trends": trends(rows, more),
        "newest": [rows[pk] for pk in newest if pk in rows],
        "updated": [rows[pk] for pk in updated if pk in rows],
        "shelves": shelves(viewer, collections_listed()[:SHELVES]),
        "tries": TRIES,
    }
    return render(request, "storefront/home.html", context)


def kinds(numbers: Overview) -> list[tuple[str, str]]:
    """The kinds that there are packages of, each with its words for that many."""
    said = {
        Kind.PLUGIN: ("%(n)s plugin", "%(n)s plugins"),
        Kind.AGENT: ("%(n)s agent", "%(n)s agents"),
        Kind.SKILL: ("%(n)s skill", "%(n)s skills"),
        Kind.COMMAND: ("%(n)s command", "%(n)s commands"),
        Kind.MCP_SERVER: ("%(n)s MCP server", "%(n)s MCP servers"),
    }
    return [(kind.value, ngettext(*said[kind], numbers.kinds[kind])) for kind in said if numbers.kinds.get(kind)]


def trends(rows: Mapping[int, PackageRow], more: Mapping[int, int]) -> list[Trend]:
    """What grew most in the last seven days; nothing while nothing grows."""
    shown = [pk for pk in more if pk in rows]
    days = daily_counts(shown)
    return [Trend(rows[pk], spark(days[pk]), sum(days[pk][-7:]), more[pk]) for pk in shown]
