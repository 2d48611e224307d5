"""A collection as one marketplace: by archive and by git, both of what everybody may have of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.domain.catalogue import document, fitted
from installs.domain.marketplace_document import entry_names
from installs.models import CatalogueEntry
from installs.services.catalogue import head_of, neighbours
from installs.services.documents import Rendered, rendered
from installs.services.git_states import Served, Shelf
from installs.services.grants import granted
from installs.services.needed import with_needed
from marketplace.domain.viewer import ANONYMOUS
from registry.domain.collections import marketplace_name
from registry.selectors.collections import collection_get, entries_of
from registry.selectors.packages import shared_version

if TYPE_CHECKING:
    from registry.models import Collection, Version


def collection_document(slug: str) -> Rendered:
    """The collection as a marketplace of archives, in its order, with what its packages need of others behind them.

    Raises NotFound MP3080 for one that is private or hidden.
    """
    collection = collection_get(ANONYMOUS, slug)
    chosen = list(entries_of(ANONYMOUS, collection).values_list("package_id", flat=True))
    found = CatalogueEntry.objects.in_bulk(chosen)
    entries = [found[key] for key in chosen if key in found]
    bodies = [entry.body for entry in [*entries, *neighbours(entries)]]
    return rendered(document(head_of(marketplace_name(slug), collection.title), fitted(bodies)))


def collection_state(slug: str) -> Served:
    """The collection as a git marketplace, by bare names where they are free; raises NotFound MP3080."""
    collection = collection_get(ANONYMOUS, slug)
    versions = with_needed(ANONYMOUS, collection_versions(collection))
    shelf = Shelf(marketplace_name(slug), collection.title)
    return Served(f"collection:{collection.pk}", shelf, versions, ANONYMOUS, "git-catalog")


def collection_versions(collection: Collection) -> tuple[Version, ...]:
    """What everybody gets of the collection, in its order: free, public, settled."""
    entries = entries_of(ANONYMOUS, collection)
    return granted(ANONYMOUS, [version for entry in entries if (version := shared_version(entry.package))])


def collection_plugins(collection: Collection) -> list[str]:
    """What its git marketplace calls each of them."""
    packages = [(version.package.publisher.name, version.package.name) for version in collection_versions(collection)]
    return entry_names(packages, marketplace=marketplace_name(collection.slug))
