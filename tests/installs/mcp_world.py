"""MCP servers and skills of one publisher, for the tests of what is said about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from marketplace.core import tenancy
from registry.domain.formats import detect
from registry.services.visibility import visibility_set
from tests.marketplace.people import person, viewer
from tests.registry import world
from tests.registry.packages import BUNDLE, SERVER, made

if TYPE_CHECKING:
    from marketplace.models import User
    from registry.models import Publisher, Version


class Acme:
    """`@acme`, and the person whose namespace it is."""

    def __init__(self) -> None:
        """With nothing published."""
        self.ann: User = person("ann")
        self.publisher: Publisher = world.publisher_of(self.ann)

    def server(self, name: str = "weather", number: str = "1.0.0", **more: Any) -> Version:
        """Publish a version of a server that is somewhere on the web."""
        told = SERVER | {"name": f"io.example/{name}", "version": number, **more}
        return self._publish({"server.json": told}, number)

    def bundle(self, number: str = "0.1.0") -> Version:
        """Publish a bundle."""
        return self._publish({"manifest.json": BUNDLE | {"version": number}, "server.js": "// nothing\n"}, number)

    def skill(self, name: str = "reviewer", body: str = "Read the plan first.", number: str = "1.0.0") -> Version:
        """Publish a bare skill with a file beside it."""
        return world.publish(self.publisher, self.ann, world.skill(name, body, **{"notes.md": "Notes"}), number=number)

    def hide(self, version: Version, *, is_private: bool = True) -> None:
        """Make the version's package private, or public again."""
        with tenancy.bound(tenancy.SYSTEM):
            visibility_set(package=world.listing(version.package.full_name), is_private=is_private, by=viewer(self.ann))

    def _publish(self, files: dict[str, Any], number: str) -> Version:
        (entry,) = detect(made(files)).entries
        return world.publish(self.publisher, self.ann, entry, number=number)
