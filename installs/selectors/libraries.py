"""What is in a library, and which version of each package it offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from installs.models import Install, Library
from registry.domain.states import SERVED, State
from registry.selectors.packages import packages_visible_to

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Package, Version


@dataclass(frozen=True, slots=True)
class Offer:
    """One package of a library with the version that clients get; None while there is nothing to give."""

    install: Install
    package: Package
    version: Version | None


def offers_of(library: Library, viewer: Viewer) -> list[Offer]:
    """The library's packages in the order they were chosen, each with the pinned or the newest published version."""
    installs = list(library.installs.select_related("pinned__source").order_by("id"))
    packages = packages_visible_to(viewer).select_related("publisher", "latest__source")
    visible = packages.in_bulk([install.package_id for install in installs])
    return [
        Offer(install, visible[install.package_id], _offered(install, visible[install.package_id]))
        for install in installs
        if install.package_id in visible
    ]


def _offered(install: Install, package: Package) -> Version | None:
    pinned, latest = install.pinned, package.latest
    if pinned is not None and pinned.state in SERVED:
        chosen = pinned
    elif latest is not None and latest.state == State.PUBLISHED:
        chosen = latest
    else:
        return None
    chosen.package = package
    return chosen


def holds(library: Library | None, package: Package) -> bool:
    """Whether the package is in the library."""
    return library is not None and Install.objects.filter(library=library, package=package).exists()
