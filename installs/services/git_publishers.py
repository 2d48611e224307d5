"""A publisher's repository, put together from the stored entries of its packages: no version is read for it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from installs.domain.gittree import LAYOUT, GitState, PluginSource, folder_of
from installs.domain.marketplace_document import Entry, entry_names, package_marketplace
from installs.models import CatalogueEntry
from installs.services.git_states import Served, Shelf, author, content_of, marketplace_tree
from installs.services.needed import MOST, STEPS
from marketplace.domain.viewer import ANONYMOUS
from registry.domain.names import FullName
from registry.domain.states import State
from registry.models import Artifact
from registry.selectors.packages import publisher_get

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.db.models import QuerySet

log = structlog.get_logger(__name__)
DIGEST_SECONDS = 24 * 3600
SHARED = {"package__is_private": False, "package__latest__state": State.PUBLISHED}


class Offered(NamedTuple):
    """A package with the version that everybody gets (`pk`), and its entry in archive marketplaces as JSON."""

    package_id: int
    pk: int
    full_name: str
    body: str
    needs: list[str]


@dataclass(frozen=True)
class PublisherServed(Served):
    """As `Served`; the digest of a state that was computed before is remembered by what it was computed from."""

    @cached_property
    def digest(self) -> str:
        """The digest of the state."""
        facts = hashlib.sha256(repr((LAYOUT, author(), self.shelf)).encode())
        for offered in self.versions:
            facts.update(f"{offered.pk} {offered.body}\n".encode())
        key = f"git:digest:{facts.hexdigest()}"
        try:
            known = cache.get(key)
            if known is None:
                known = self.state.digest
                cache.set(key, known, DIGEST_SECONDS)
        except RedisError as error:
            log.warning("git.digest_failed", error=str(error))
            known = self.state.digest
        return str(known)

    @cached_property
    def state(self) -> GitState:
        """The state, as `git_states.state_of` would give it for the same versions."""
        return entries_state(self.shelf, self.versions)


def publisher_state(name: str) -> Served:
    """Every public package of the publisher, by bare name; raises NotFound MP3001."""
    publisher = publisher_get(name)
    own = _offered(CatalogueEntry.objects.filter(publisher=publisher).order_by("package__name"))
    shelf = Shelf(publisher.name, publisher.display_name or publisher.name)
    return PublisherServed(f"publisher:{publisher.pk}", shelf, _with_needed(own), ANONYMOUS, "git-catalog")


def entries_state(shelf: Shelf, versions: Iterable[Any]) -> GitState:
    """The state of these entries, in this order."""
    offered = list(versions)
    packages = [(name.publisher, name.package) for name in (FullName.parse(one.full_name) for one in offered)]
    names = entry_names(packages, marketplace=shelf.name)
    known = {package_marketplace(*package): name for package, name in zip(packages, names, strict=True)}
    plugins = [_plugin(one.body, name, known) for one, name in zip(offered, names, strict=True)]
    return GitState(marketplace_tree(shelf, packages, names, plugins), author())


def _plugin(body: str, name: str, known: dict[str, str]) -> PluginSource:
    """The entry under its name in this repository, with its neighbours under theirs."""
    told = json.loads(body)
    sha256 = told.pop("source")["sha256"]
    needed = [known[other] for other in told.pop("dependencies", ()) if other in known and known[other] != name]
    if needed:
        told["dependencies"] = needed
    entry = Entry(name, told["version"], folder_of(name), told)
    return PluginSource(entry, sha256, partial(content_of, Artifact(sha256=sha256)))


def _with_needed(own: list[Offered]) -> tuple[Offered, ...]:
    """As `needed.with_needed`, over entries."""
    found = {offered.full_name: offered for offered in own}
    gained = own
    for _ in range(STEPS):
        missing = sorted({name for offered in gained for name in offered.needs} - found.keys())[:MOST]
        if not missing:
            break
        rows = CatalogueEntry.objects.filter(package__full_name__in=missing)
        gained = _offered(rows.order_by("package__full_name"))
        found |= {offered.full_name: offered for offered in gained}
    return tuple(found.values())


def _offered(rows: QuerySet[CatalogueEntry]) -> list[Offered]:
    given = rows.filter(package__shared__state=State.PUBLISHED, **SHARED)
    columns = given.values_list("package_id", "package__shared_id", "package__full_name", "body", "needs")
    return [Offered(*row) for row in columns.iterator(chunk_size=2000)]
