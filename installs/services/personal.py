"""What a personal address offers: the library behind a key, read in its owner's name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.conf import settings

from installs.domain.catalogue import compact, document
from installs.domain.marketplace_document import MarketplaceDocument, entry_names, former_names
from installs.selectors.libraries import offers_of
from installs.services.archives import archives_of
from installs.services.documents import Rendered, rendered
from installs.services.entries import entry_of
from installs.services.grants import download_grant, granted
from installs.services.libraries import library_open
from installs.services.needed import with_needed
from marketplace.core import tenancy
from marketplace.domain.viewer import Scope
from marketplace.services.viewers import bind

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    return bind(
        replace(
            personal.viewer,
            is_moderator=False,
            is_senior=False,
            is_administrator=False,
            scopes=frozenset({Scope.READ}),
            packages=names,
        )
    )


def personal_document(key: str) -> Rendered:
    """The library as a marketplace of archives; private ones are fetched with the key. Raises NotFound MP5003."""
    personal = personal_open(key)
    versions = list(personal.versions)
    own = {"Authorization": f"Bearer {key}"}
    grants = {version.pk: download_grant(personal.viewer, version, is_offered=True) for version in versions}
    headers = {pk: own for pk, grant in grants.items() if not grant.is_shared}
    archives = archives_of(versions, headers)
    versions = [version for version in versions if version.pk in archives]
    names = entry_names_of(versions)
    told = MarketplaceDocument(
        settings.SITE_SLUG,
        settings.SITE_NAME,
        f"Agent packages from {settings.SITE_NAME}",
        tuple(
            entry_of(version, name=names[version.package.full_name], source=archives[version.pk], names=names)
            for version in versions
        ),
        former_names(_pairs(versions), names.values()),
    )
    return rendered_document(told)


def rendered_document(told: MarketplaceDocument) -> Rendered:
    """The bytes of a marketplace."""
    head = told.as_json()
    plugins = head.pop("plugins")
    return rendered(document(head, map(compact, plugins)))


def entry_names_of(versions: Iterable[Version]) -> dict[str, str]:
    """What the personal marketplace calls each package, by full name."""
    listed = list(versions)
    entries = entry_names(_pairs(listed), marketplace=settings.SITE_SLUG)
    return dict(zip((version.package.full_name for version in listed), entries, strict=True))


def _pairs(versions: Iterable[Version]) -> list[tuple[str, str]]:
    return [(version.package.publisher.name, version.package.name) for version in versions]


def entry_name_in(key: str, full_name: str) -> str:
    """What the marketplace behind the key calls the package; its bare name while it has nothing to give."""
    scope = tenancy.current.get()
    try:
        names = entry_names_of(personal_open(key).versions)
    finally:
        tenancy.bind(scope)
    return names.get(full_name, full_name.rsplit("/", 1)[-1])
