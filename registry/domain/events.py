"""What happens in the registry; keys are public ids or primary keys, values JSON-able."""

from __future__ import annotations

from dataclasses import dataclass

from marketplace.core.events import Event


@dataclass(frozen=True, slots=True)
class VersionReceived(Event):
    """A version came in and waits for its scan."""

    version_id: int
    package_id: int


@dataclass(frozen=True, slots=True)
class VersionChanged(Event):
    """A version's state, tag or deprecation changed: everything that shows the package is stale."""

    version_id: int
    package_id: int
    state: str


@dataclass(frozen=True, slots=True)
class VersionRescanned(Event):
    """New rules found in a version that is given out what nobody has seen (`codes`); its state is what it was."""

    version_id: int
    package_id: int
    verdict: str
    codes: list[str]


@dataclass(frozen=True, slots=True)
class VersionReread(Event):
    """Better detectors read more in a published version than was told when people agreed to the set `before`."""

    version_id: int
    package_id: int
    before: str


@dataclass(frozen=True, slots=True)
class CollectionGrew(Event):
    """A package was put into a collection by `user_id` (None: by the system)."""

    collection_id: int
    package_id: int
    user_id: int | None


@dataclass(frozen=True, slots=True)
class PackageChanged(Event):
    """A package's facts, tags, maintainers or visibility changed."""

    package_id: int
