"""A publisher, a person with the package in their library, and the worker at hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from installs.services.libraries import library_add, library_of
from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.viewers import viewer_of_user
from registry.models import Package, Version
from registry.services.publishers import publisher_create
from registry.services.publishing import Release, version_receive
from registry.services.scanning import version_scan
from tests.registry.domain.packages import entry_of, plugin

if TYPE_CHECKING:
    from marketplace.domain.viewer import Viewer
    from registry.models import Publisher


def person(name: str) -> Viewer:
    """Somebody with an account."""
    return viewer_of_user(User.objects.create_user(f"{name}@example.com", display_name=name.title()))


def publisher_of(viewer: Viewer, name: str = "acme") -> Publisher:
    """A namespace of theirs."""
    return publisher_create(name=name, by=viewer)


def publish(
    publisher: Publisher,
    by: Viewer,
    name: str,
    number: str,
    *,
    files: dict[str, Any],
    facts: dict[str, Any] | None = None,
) -> Version:
    """A plugin, published and scanned."""
    entry = entry_of(plugin(files, **{**(facts or {}), "version": number}))
    received = version_receive(publisher=publisher, entry=entry, release=Release(number=number, name=name), by=by)
    version_scan(received.version.pk)
    version = Version.objects.select_related("package__publisher", "package__latest").get(pk=received.version.pk)
    assert version.state == "published", (name, version.state, version.state_reason)
    return version


def add(viewer: Viewer, package: Package) -> None:
    """Put the package into the viewer's library."""
    library_add(library=library_of(by=viewer), package=package, by=viewer)


def bind(viewer: Viewer) -> None:
    """Run the test's queries as the viewer."""
    tenancy.bind(tenancy.Scope(viewer.user_id, viewer.organization_ids))
