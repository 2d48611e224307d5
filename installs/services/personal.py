"""What a personal address offers: the library behind a key, read in its owner's name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings

from installs.domain.catalogue import compact, document
from installs.domain.marketplace_document import MarketplaceDocument, entry_names
from installs.selectors.libraries import offers_of
from installs.services.archives import archives_of
from installs.services.documents import Rendered, rendered
from installs.services.entries import entry_of
from installs.services.grants import download_grant, granted
from installs.services.libraries import library_open
from installs.services.needed import with_needed
from marketplace.domain.viewer import Scope
from marketplace.services.viewers import bind

if TYPE_CHECKING:
    from installs.models import Library
    from marketplace.domain.viewer import Viewer
    from registry.models import Version


@dataclass(frozen=True, slots=True)
class Personal:
    """A library and the versions that clients get from it now: the chosen ones in order, then what they need."""

    library: Library
    viewer: Viewer
    versions: tuple[Version, ...]


def personal_open(key: str) -> Personal:
    """The library of the key, bound to this thread as its owner; raises NotFound MP5003."""
    opened = library_open(key)
    viewer = bind(replace(opened.viewer, library_id=opened.library.pk))
    chosen = [offer.version for offer in offers_of(opened.library, viewer) if offer.version]
    return Personal(opened.library, viewer, with_needed(viewer, granted(viewer, chosen)))


def key_viewer(key: str) -> Viewer:
    """Who comes with a key instead of a token: its owner, reading what the address offers; raises NotFound MP5003."""
    personal = personal_open(key)
    names = frozenset(version.package.full_name for version in personal.versions)
    return bind(replace(personal.viewer, is_moderator=False, scopes=frozenset({Scope.READ}), packages=names))


def personal_document(key: str) -> Rendered:
    """The library as a marketplace of archives; private ones are fetched with the key. Raises NotFound MP5003."""
    personal = personal_open(key)
    versions = list(personal.versions)
    own = {"Authorization": f"Bearer {key}"}
    grants = {version.pk: download_grant(personal.viewer, version, is_offered=True) for version in versions}
    headers = {pk: own for pk, grant in grants.items() if not grant.is_shared}
    archives = archives_of(versions, headers)
    versions = [version for version in versions if version.pk in archives]
    packages = [(version.package.publisher.name, version.package.name) for version in versions]
    entries = entry_names(packages, marketplace=settings.SITE_SLUG)
    names = dict(zip((version.package.full_name for version in versions), entries, strict=True))
    told = MarketplaceDocument(
        settings.SITE_SLUG,
        settings.SITE_NAME,
        f"Agent packages from {settings.SITE_NAME}",
        tuple(
            entry_of(version, name=name, source=archives[version.pk], names=names)
            for name, version in zip(entries, versions, strict=True)
        ),
    )
    return rendered_document(told)


def rendered_document(told: MarketplaceDocument) -> Rendered:
    """The bytes of a marketplace."""
    head = told.as_json()
    plugins = head.pop("plugins")
    return rendered(document(head, map(compact, plugins)))
