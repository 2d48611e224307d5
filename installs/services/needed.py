"""What chosen packages need besides: marketplaces offer it too, so that clients find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.services.entries import required_by
from installs.services.grants import granted
from registry.selectors.packages import packages_visible_to, shared_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.viewer import Viewer
    from registry.models import Version

STEPS = 5
MOST = 200


def with_needed(viewer: Viewer, versions: Iterable[Version]) -> tuple[Version, ...]:
    """The versions, and behind them what they need as far as the viewer may have it: STEPS deep, MOST altogether."""
    found = {version.package.full_name: version for version in versions}
    missing = _missing(found.values(), found)
    for _ in range(STEPS):
        if not missing:
            break
        packages = packages_visible_to(viewer).filter(full_name__in=missing).order_by("full_name")
        offered = [version for package in packages if (version := shared_version(package)) is not None]
        gained = {version.package.full_name: version for version in granted(viewer, offered)}
        found |= gained
        missing = _missing(gained.values(), found)
    return tuple(found.values())


def _missing(versions: Iterable[Version], found: dict[str, Version]) -> list[str]:
    wanted = {name for version in versions for name in required_by(version)}
    return sorted(wanted - found.keys())[:MOST]
