"""RSS and Atom: new packages, updated ones, a category, a publisher, a collection, the versions of a package.

Caches keep them and ask each time whether they still hold.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import conditional_page, require_safe

from marketplace.core.errors import NotFound
from marketplace.domain.viewer import ANONYMOUS
from registry.models import Package, SearchDocument
from registry.selectors.collections import collection_get, entries_of
from registry.selectors.packages import package_get, packages_visible_to, publisher_get, versions_of
from registry.selectors.search import packages_in_order, search

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest
    from django.utils.feedgenerator import SyndicationFeed

FORMS = {"rss": Rss201rev2Feed, "atom": Atom1Feed}
TYPES = {
    Rss201rev2Feed: "application/rss+xml; charset=utf-8",
    Atom1Feed: "application/atom+xml; charset=utf-8",
}
SIZE = 30


@require_safe
@conditional_page
def feed(request: HttpRequest, what: str, form: str) -> HttpResponse:  # noqa: ARG001  (a view's signature)
    """`new`, `updated` or a category; raises NotFound MP9001 for anything else."""
    if what in {"new", "updated"}:
        found = search(query="", sort="newest" if what == "new" else "updated", size=SIZE)
        title = _("New packages") if what == "new" else _("Updated packages")
        return _packages(form, title, reverse("home"), packages_in_order(ANONYMOUS, found.ids), by_update=what != "new")
    if what not in Package.Category.values:
        raise NotFound("MP9001")
    documents = SearchDocument.objects.filter(category=what)
    found = search(query="", documents=documents, sort="updated", size=SIZE)
    label = str(Package.Category(what).label)
    return _packages(form, label, reverse("category", args=[what]), packages_in_order(ANONYMOUS, found.ids))


@require_safe
@conditional_page
def publisher_feed(request: HttpRequest, name: str, form: str) -> HttpResponse:  # noqa: ARG001
    """The publisher's public packages, most recently updated first."""
    found = publisher_get(name)
    rows = packages_visible_to(ANONYMOUS).filter(publisher=found, is_private=False).order_by("-updated_at", "-pk")
    return _packages(form, f"@{name}", reverse("publisher", args=[name]), rows[:SIZE])


@require_safe
@conditional_page
def package_feed(request: HttpRequest, publisher: str, name: str, form: str) -> HttpResponse:  # noqa: ARG001
    """The versions of a public package, newest first; raises NotFound MP3002."""
    found = package_get(ANONYMOUS, publisher, name)
    if found.is_private:
        raise NotFound("MP3002", {"name": found.full_name})
    made = _feed(form, found.full_name, reverse("package", args=[publisher, name]), found.summary)
    for version in versions_of(ANONYMOUS, found)[:SIZE]:
        address = settings.BASE_URL + reverse("package-version", args=[publisher, name, version.number])
        made.add_item(
            title=f"{found.full_name} {version.number}",
            link=address,
            description=version.deprecated or found.summary,
            pubdate=version.published_at,
            updateddate=version.published_at,
            unique_id=f"urn:uuid:{version.public_id}",
        )
    return _answer(made)


@require_safe
@conditional_page
def collection_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:  # noqa: ARG001  (a view gets it)
    """What is in a collection, last added first; raises NotFound MP3080."""
    found = collection_get(ANONYMOUS, slug)
    made = _feed(form, found.title, reverse("collection", args=[slug]), found.description or found.title)
    for entry in entries_of(ANONYMOUS, found).order_by("-added_at", "-pk")[:SIZE]:
        package = entry.package
        made.add_item(
            title=package.full_name,
            link=settings.BASE_URL + reverse("package", args=[package.publisher.name, package.name]),
            description=entry.note or package.summary,
            pubdate=entry.added_at,
            updateddate=entry.added_at,
            unique_id=f"urn:uuid:{found.public_id}:{package.public_id}",
        )
    return _answer(made)


def _packages(form: str, title: str, path: str, packages: Iterable[Package], *, by_update: bool = True) -> HttpResponse:
    made = _feed(form, title, path, title)
    for package in packages:
        at = package.updated_at if by_update else package.created_at
        number = package.latest.number if package.latest and by_update else ""
        made.add_item(
            title=f"{package.full_name} {number}".strip(),
            link=settings.BASE_URL + reverse("package", args=[package.publisher.name, package.name]),
            description=package.summary,
            author_name=f"@{package.publisher.name}",
            pubdate=at,
            updateddate=at,
            unique_id=f"urn:uuid:{package.public_id}" + (f":{number}" if number else ""),
            categories=package.keywords,
        )
    return _answer(made)


def _feed(form: str, title: str, path: str, description: str) -> SyndicationFeed:
    if form not in FORMS:
        raise NotFound("MP9001")
    named = f"{title} · {settings.SITE_NAME}"
    return FORMS[form](title=named, link=settings.BASE_URL + path, description=description, language="en-gb")


def _answer(made: SyndicationFeed) -> HttpResponse:
    answer = HttpResponse(content_type=TYPES[type(made)])
    made.write(answer, "utf-8")
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer
