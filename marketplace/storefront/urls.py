"""Addresses of the shop window; the last ones take any first segment that begins with @."""

from __future__ import annotations

from django.urls import path, re_path

from marketplace.storefront.views import (
    browse,
    collections,
    compare,
    console,
    feeds,
    files,
    home,
    numbers,
    package,
    people,
    publisher,
    search,
    side_by_side,
)
from marketplace.storefront.views import (
    help as help_pages,
)

P = r"@(?P<publisher>[a-z0-9-]{1,39})"
N = P + r"/(?P<name>[a-z0-9._-]{1,64})"
V = r"(?P<number>[0-9A-Za-z.+-]{1,128})"
OLD = r"(?P<old>[0-9A-Za-z.+-]{1,128}?)"
NEW = r"(?P<new>[0-9A-Za-z+-][0-9A-Za-z.+-]{0,127})"

urlpatterns = [
    path("", home.home, name="home"),
    path("help", help_pages.help_index, name="help"),
    path("help/<slug:topic>", help_pages.help_topic, name="help-topic"),
    path("search", search.results, name="search"),
    path("search/facets", search.facets, name="search-facets"),
    path("search/suggest", search.suggest, name="search-suggest"),
    path("categories", browse.categories, name="categories"),
    path("categories/<slug:slug>", browse.category, name="category"),
    path("tags/<str:name>", browse.tag, name="tag"),
    path("console", console.console, name="console"),
    re_path(rf"^console/{N}$", console.package, name="console-package"),
    re_path(rf"^console/{N}/numbers$", numbers.numbers, name="numbers"),
    re_path(rf"^console/{N}/numbers\.csv$", numbers.numbers_file, name="numbers-file"),
    path("compare", side_by_side.side_by_side, name="compare"),
    path("collections", collections.collections, name="collections"),
    re_path(
        r"^collections/(?P<slug>[a-z0-9-]{1,64})/feed\.(?P<form>rss|atom)$",
        feeds.collection_feed,
        name="collection-feed",
    ),
    path("collections/<slug:slug>", collections.collection, name="collection"),
    path("feeds/<slug:what>.<slug:form>", feeds.feed, name="feed"),
    re_path(r"^@(?P<name>[a-z0-9-]{1,39})/feed\.(?P<form>rss|atom)$", feeds.publisher_feed, name="publisher-feed"),
    re_path(rf"^{N}/feed\.(?P<form>rss|atom)$", feeds.package_feed, name="package-feed"),
    re_path(r"^@(?P<name>[a-z0-9-]{1,39})$", publisher.publisher, name="publisher"),
    re_path(rf"^{N}$", package.package, name="package"),
    re_path(rf"^{N}/collections$", collections.package_collections, name="package-collections"),
    re_path(rf"^{N}/versions$", package.versions, name="package-versions"),
    re_path(rf"^{N}/compare$", compare.choose, name="package-compare-choose"),
    re_path(rf"^{N}/compare/{OLD}\.\.\.{NEW}$", compare.compare, name="package-compare"),
    re_path(rf"^{N}/reviews$", people.reviews, name="package-reviews"),
    re_path(rf"^{N}/discussion$", people.discussion, name="package-discussion"),
    re_path(rf"^{N}/contents$", package.contents, name="package-contents"),
    re_path(rf"^{N}/versions/{V}$", package.version, name="package-version"),
    re_path(rf"^{N}/versions/{V}/signature$", package.signature, name="package-signature"),
    re_path(rf"^{N}/files/{V}/$", files.files, name="package-files"),
    re_path(rf"^{N}/files/{V}/(?P<path>.+)$", files.file, name="package-file"),
]
