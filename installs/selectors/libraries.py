"""What is in a library, and which version of each package it offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from installs.models import Install, Library
from installs.selectors.consent import latest_is_answered, latest_is_covered, offered_version
from registry.domain.states import SERVED, State
from registry.models import Version
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Package


@dataclass(frozen=True, slots=True)
class Offer:
    """One package of a library with the version that clients get; None while there is nothing to give.

    `newer` is a published version above it that waits: for consent when `asks`, else for its cooldown.
    """

    install: Install
    package: Package
    version: Version | None
    newer: Version | None = None
    asks: bool = False


def library_find(viewer: Viewer) -> Library | None:
    """The library of somebody who is signed in, when they have chosen anything yet; nothing is made."""
    return None if viewer.is_anonymous else Library.objects.filter(user_id=viewer.user_id or 0).first()


def offers_of(library: Library, viewer: Viewer, *, package: Package | None = None) -> list[Offer]:
    """The library's packages (or the one) in the order they were chosen, with the pinned or newest agreed version."""
    chosen = library.installs.filter(package=package) if package is not None else library.installs.all()
    rows = chosen.select_related("pinned__source", "pinned__package__publisher")
    told = rows.annotate(offered_id=offered_version(), is_covered=latest_is_covered(), is_answered=latest_is_answered())
    installs = list(told.order_by("id"))
    packages = packages_visible_to(viewer).select_related("publisher", "latest__source")
    visible = packages.in_bulk([install.package_id for install in installs])
    joined = Version.objects.select_related("source", "package__publisher")
    versions = joined.in_bulk([install.offered_id for install in installs if install.offered_id])
    return [
        _offer(install, visible[install.package_id], _offered(install, versions))
        for install in installs
        if install.package_id in visible
    ]


def _offer(install: Any, package: Package, offered: Version | None) -> Offer:
    newest = package.latest
    waits = (
        install.pinned_id is None
        and newest is not None
        and newest.state == State.PUBLISHED
        and (offered is None or newest.sort_key > offered.sort_key)
        and not install.is_answered
    )
    return Offer(install, package, offered, newest if waits else None, asks=waits and not install.is_covered)


def offer_of(library: Library, viewer: Viewer, package: Package) -> Offer | None:
    """What the library offers of one package; None when it is not in."""
    return next(iter(offers_of(library, viewer, package=package)), None)


def _offered(install: Any, versions: dict[int, Version]) -> Version | None:
    if install.pinned is not None and install.pinned.state in SERVED:
        pinned: Version = install.pinned
        return pinned
    return versions.get(install.offered_id)


def holds(library: Library | None, package: Package) -> bool:
    """Whether the package is in the library."""
    return library is not None and Install.objects.filter(library=library, package=package).exists()
