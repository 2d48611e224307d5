"""The sixty updates of tests/trust/pairs.py in real clients, for somebody whose library has the first versions.

Forty that ask for more stay behind, ten texts of packages of low reach come at once, ten texts of packages that can act
wait for their cooldown; what stays behind is refused by `npm ci` too, which asks for the tarball alone.
"""

from __future__ import annotations

import json
import urllib.parse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests import live_site as sites
from tests.clients.inside import run_inside
from tests.clients.test_consent import MARKET, configure
from tests.clients.visitor import Visitor, ask, call, choose, person
from tests.trust.pairs import HIGH, LOW, WIDENINGS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.databases import Server
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients, pytest.mark.needs("claude", "node", "npm-12")]
PUBLISH = """
from marketplace.core import tenancy
from marketplace.models import User
from marketplace.services.viewers import viewer_of_user
from registry.models import Publisher
from tests.trust import pairs
from tests.trust.world import publish
every = pairs.WIDENINGS + pairs.LOW + pairs.HIGH
with tenancy.bound(tenancy.SYSTEM):
    by = viewer_of_user(User.objects.get(email={email!r}))
    acme = Publisher.objects.get(name={publisher!r})
    for at in {places!r}:
        pair = every[at]
        files, facts = (pair.after, pair.facts_after) if {newer!r} else (pair.before, pair.facts_before)
        publish(acme, by, f"pair-{{at}}", "1.1.0" if {newer!r} else "1.0.0", files=files, facts=facts)
said = "done"
"""
FLOWING = range(len(WIDENINGS), len(WIDENINGS) + len(LOW))
EVERY = range(len(WIDENINGS) + len(LOW) + len(HIGH))


@dataclass
class Updates:
    """Packages whose first version a reader has chosen, on a machine of theirs."""

    site: LiveSite
    machine: Machine
    publisher: Person
    reader: Person
    places: list[int]

    def name(self, at: int) -> str:
        """The package's full name."""
        return f"@{self.publisher.publisher}/pair-{at}"

    def expected(self, at: int) -> str:
        """The version that the reader should have after the update."""
        return "1.1.0" if at in FLOWING else "1.0.0"

    def publish(self, *, newer: bool) -> None:
        """One of the two versions of every package."""
        who = self.publisher
        script = PUBLISH.format(email=who.email, publisher=who.publisher, places=self.places, newer=newer)
        assert run_inside(self.site, script) == "done"

    def choose(self) -> None:
        """Everything into the reader's library."""
        choose(self.site, self.reader, *map(self.name, self.places))

    def install_in_claude(self, places: list[int]) -> None:
        """The library's one marketplace, and some of its plugins."""
        visitor = Visitor(self.site.url)
        visitor.sign_in(self.reader.email)
        first, *others = places
        self.machine.line(visitor.line(self.name(first), "claude"))
        for at in others:
            self.machine.run("claude", "plugin", "install", f"pair-{at}@{MARKET}")

    def ensure_claude_updates(self, places: list[int]) -> None:
        """Every entry that Claude Code fetched names the version that was agreed to; so do the plugins it has."""
        self.machine.run("claude", "plugin", "marketplace", "update", MARKET)
        for at in places:
            self.machine.run("claude", "plugin", "update", f"pair-{at}@{MARKET}")
        rows = self.machine.read("claude", "plugin", "list", "--json")
        told = {row["id"].partition("@")[0]: row["version"] for row in rows}
        assert told == {f"pair-{at}": self.expected(at) for at in places}
        (listed,) = (self.machine.home / ".claude/plugins/marketplaces").glob("*/.claude-plugin/marketplace.json")
        entries = {entry["name"]: entry["version"] for entry in json.loads(listed.read_text())["plugins"]}
        assert entries == {f"pair-{at}": self.expected(at) for at in self.places}

    def ensure_npm_updates(self) -> None:
        """`npm install` of ranges takes what was agreed to, of all packages at once."""
        configure(self.machine, self.site, self.reader.token)
        wanted = {self.name(at): "^1.0.0" for at in self.places}
        (self.machine.project / "package.json").write_text(json.dumps({"dependencies": wanted}))
        self.machine.run("npm-12", "install", "--ignore-scripts")
        told = {at: self.machine.project / "node_modules" / self.name(at) / "package.json" for at in self.places}
        versions = {at: json.loads(path.read_text())["version"] for at, path in told.items()}
        assert versions == {at: self.expected(at) for at in self.places}

    def ensure_tarballs(self) -> None:
        """The route of the tarball says the same without any document."""
        for at in self.places:
            path = urllib.parse.urlsplit(self.dist(at)["tarball"]).path
            status, body = ask(self.site, path, Authorization=f"Bearer {self.reader.token}")
            assert status == (200 if at in FLOWING else 403), (at, body[:300])

    def ensure_ci(self, places: list[int]) -> None:
        """`npm ci` with a lock on the newer version is refused where it was not agreed to."""
        for at in places:
            configure(self.machine, self.site, self.reader.token)
            self.lock(at)
            done = self.machine.run("npm-12", "ci", "--ignore-scripts", check=False)
            inside = self.machine.project / "node_modules" / self.name(at)
            assert (done.returncode == 0, inside.exists()) == (at in FLOWING, at in FLOWING), (at, done.stderr)
            assert at in FLOWING or f"{self.site.url}/{self.name(at)}" in done.stderr

    def lock(self, at: int) -> None:
        """A project whose lock has the newer version, as its publisher would have written it."""
        name, dist = self.name(at), self.dist(at)
        wanted = {"dependencies": {name: "^1.0.0"}}
        inside = {"version": "1.1.0", "resolved": dist["tarball"], "integrity": dist["integrity"]}
        lock = {"lockfileVersion": 3, "requires": True, "packages": {"": wanted, f"node_modules/{name}": inside}}
        (self.machine.project / "package.json").write_text(json.dumps(wanted))
        (self.machine.project / "package-lock.json").write_text(json.dumps(lock))

    def dist(self, at: int) -> dict[str, Any]:
        """What the publisher, who may have it, is told of the newer tarball."""
        told = call(self.site, self.publisher, f"/npm/{self.name(at).replace('/', '%2f')}")
        dist: dict[str, Any] = told["versions"]["1.1.0"]["dist"]
        return dist


@pytest.fixture
def careful_site(postgres_server: Server) -> Iterator[LiveSite]:
    """A site with the cooldown of a real one."""
    with sites.live_site(postgres_server, cooldown_hours="72", payments="off") as site:
        yield site


def test_some_updates_in_the_real_clients(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    updates = Updates(live_site, machine, publisher, person(live_site), [0, 16, 33, FLOWING[0]])
    updates.publish(newer=False)
    updates.choose()
    updates.install_in_claude([0, FLOWING[0]])
    updates.publish(newer=True)
    updates.ensure_claude_updates([0, FLOWING[0]])
    updates.ensure_npm_updates()
    updates.ensure_tarballs()
    updates.ensure_ci([16])


@pytest.mark.long
def test_all_sixty_updates_in_the_real_clients(careful_site: LiveSite, machine: Machine) -> None:
    publisher = person(careful_site, "acme")
    updates = Updates(careful_site, machine, publisher, person(careful_site), list(EVERY))
    updates.publish(newer=False)
    updates.choose()
    some = updates.places[::4]
    updates.install_in_claude(some)
    updates.publish(newer=True)
    updates.ensure_claude_updates(some)
    updates.ensure_npm_updates()
    updates.ensure_tarballs()
    updates.ensure_ci(updates.places)
