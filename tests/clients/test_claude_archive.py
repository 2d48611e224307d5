"""Claude Code by archive over https, under a name that only its own mount namespace knows."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from house.bench import sites
from tests.clients import packages
from tests.clients.visitor import ask, call, change, choose, person, publish

if TYPE_CHECKING:
    from tests.clients.machine import Machine
    from tests.clients.tls import Tls
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients, pytest.mark.needs("claude")]
MARKET = "agent-marketplace"
KINDS = ("plugin", "skill", "agent", "command", "server")


@pytest.fixture(scope="module")
def site(https_site: tuple[LiveSite, Tls]) -> LiveSite:
    return https_site[0]


@pytest.fixture(scope="module")
def acme(site: LiveSite) -> Person:
    """A publisher with one public package of each kind, and a plugin that needs another."""
    by = person(site, "acme-archives")
    for kind in KINDS:
        publish(site, by, getattr(packages, kind)(f"a-{kind}"))
    publish(site, by, packages.plugin("top", needs=["a-plugin"]))
    return by


def document(site: LiveSite, path: str) -> dict[str, Any]:
    status, body = ask(site, path)
    assert status == 200, body
    found: dict[str, Any] = json.loads(body)
    return found


def installed(machine: Machine) -> dict[str, str]:
    return {row["id"]: row["version"] for row in machine.read("claude", "plugin", "list", "--json")}


def enabled(machine: Machine) -> dict[str, bool]:
    told = json.loads((machine.home / ".claude" / "settings.json").read_text(encoding="utf-8"))
    found: dict[str, bool] = told["enabledPlugins"]
    return found


def install(machine: Machine, plugin: str, url: str) -> None:
    machine.run("claude", "plugin", "install", plugin, "--marketplace", url)


def test_each_kind_installs_and_loads_with_what_it_needs(site: LiveSite, acme: Person, away: Machine) -> None:
    url = f"{site.url}/claude/{acme.publisher}/marketplace.json"
    for name in ("top", *(f"a-{kind}" for kind in KINDS[1:])):
        install(away, f"{acme.publisher}.{name}", url)

    loaded = away.session()

    names = {row["name"] for row in loaded["plugins"] if not row["name"].startswith("cc-plugin-")}
    assert names == {"top", *(f"a-{kind}" for kind in KINDS)}
    assert {"a-plugin:look", "top:look", "a-skill:a-skill"} <= set(loaded["skills"])
    assert {"a-agent:a-agent", "a-plugin:a-plugin-agent"} <= set(loaded["agents"])
    assert "a-command:a-command" in loaded["slash_commands"]
    assert {"plugin:a-server:a-server"} <= {row["name"] for row in loaded["mcp_servers"]}
    assert not loaded.get("plugin_errors")


def shelf(site: LiveSite, by: Person) -> str:
    """A collection of two packages; returns its slug."""
    told = {"Content-Type": "application/json"}
    slug: str = call(site, by, "/api/v1/collections", b'{"title": "Two"}', **told)["slug"]
    for name in ("a-skill", "a-plugin"):
        path = f"/api/v1/collections/{slug}/entries/@{by.publisher}/{name}"
        call(site, by, path, b"{}", method="PUT", **told)
    return slug


def test_client_validates_the_documents(site: LiveSite, acme: Person, away: Machine) -> None:
    key = choose(site, acme, f"@{acme.publisher}/top")
    site.manage("documents_rebuild")
    paths = [
        "/claude/marketplace.json",
        f"/claude/{acme.publisher}/marketplace.json",
        f"/claude/i/{key}/marketplace.json",
        f"/claude/collections/{shelf(site, acme)}/marketplace.json",
    ]
    for number, path in enumerate(paths):
        folder = away.project / str(number) / ".claude-plugin"
        folder.mkdir(parents=True)
        (folder / "marketplace.json").write_text(json.dumps(document(site, path)), encoding="utf-8")
        report = away.read("claude", "plugin", "validate", "--json", str(folder.parent))
        assert (report["success"], report["manifest"]["errors"]) == (True, []), json.dumps(report)


def test_wrong_digest_is_refused_by_the_client(site: LiveSite, acme: Person, away: Machine) -> None:
    told = document(site, f"/claude/{acme.publisher}/marketplace.json")
    for entry in told["plugins"]:
        entry["source"]["sha256"] = "0" * 64
    folder = away.project / ".claude-plugin"
    folder.mkdir()
    (folder / "marketplace.json").write_text(json.dumps(told), encoding="utf-8")
    away.run("claude", "plugin", "marketplace", "add", str(away.project))
    done = away.run("claude", "plugin", "install", f"{acme.publisher}.a-skill@{acme.publisher}", check=False)
    assert done.returncode != 0
    assert "integrity check failed" in done.stdout + done.stderr


def test_private_package_installs_from_the_personal_address_only(site: LiveSite, acme: Person, away: Machine) -> None:
    publish(site, acme, packages.plugin("secret"), visibility="private")
    key = choose(site, acme, f"@{acme.publisher}/secret")
    shared = document(site, f"/claude/{acme.publisher}/marketplace.json")
    assert not [entry for entry in shared["plugins"] if "secret" in entry["name"]]

    install(away, "secret", f"{site.url}/claude/i/{key}/marketplace.json")

    assert installed(away)[f"secret@{MARKET}"] == "1.0.0"
    (entry,) = [e for e in document(site, f"/claude/i/{key}/marketplace.json")["plugins"] if e["name"] == "secret"]
    path = entry["source"]["url"].removeprefix(site.url)
    assert ask(site, path)[0] == 404
    assert ask(site, path, Authorization=f"Bearer {acme.token}")[0] == 200
    outsider = person(site)
    assert ask(site, path, Authorization=f"Bearer {outsider.token}")[0] == 404


def test_settings_roll_out_without_a_hand(site: LiveSite, acme: Person, away: Machine) -> None:
    key = choose(site, acme, f"@{acme.publisher}/top")
    source = {"source": "url", "url": f"{site.url}/claude/i/{key}/marketplace.json"}
    told = {
        "extraKnownMarketplaces": {MARKET: {"source": source, "autoUpdate": True}},
        "enabledPlugins": {f"top@{MARKET}": True, f"a-plugin@{MARKET}": True},
    }
    settings = away.home / ".claude" / "settings.json"
    settings.parent.mkdir()
    settings.write_text(json.dumps(told), encoding="utf-8")

    loaded = away.session(CLAUDE_CODE_SYNC_PLUGIN_INSTALL="1")

    assert {"top", "a-plugin"} <= {row["name"] for row in loaded["plugins"]}


def test_what_was_taken_away_is_turned_off(site: LiveSite, away: Machine) -> None:
    by = person(site, "acme-gone")
    publish(site, by, packages.skill("stays"))
    version = publish(site, by, packages.skill("goes"))
    url = f"{site.url}/claude/{by.publisher}/marketplace.json"
    for name in ("stays", "goes"):
        install(away, f"{by.publisher}.{name}", url)
    assert len(installed(away)) == 2

    change(site, by, version, "unpublish")
    away.run("claude", "plugin", "marketplace", "update", by.publisher)
    loaded = away.session(until=lambda: not enabled(away).get(f"{by.publisher}.goes@{by.publisher}", False))

    assert {row["name"] for row in loaded["plugins"] if not row["name"].startswith("cc-plugin-")} == {"stays"}
    assert enabled(away) == {f"{by.publisher}.stays@{by.publisher}": True}


@pytest.mark.long
def test_catalogue_of_twenty_thousand_packages_is_taken_and_keeps_its_members(site: LiveSite, away: Machine) -> None:
    by = person(site, "acme-many")
    name = publish(site, by, packages.skill("many")).rpartition("@")[0]
    site.wait_until_idle()
    sites.grow(site, name, first=1, last=20_000)
    assert sites.grow_entries(site, name) > 20_000
    publish(site, by, packages.skill("many", "Read the tests first."), version="1.1.0")
    site.wait_until_idle(300)
    before = document(site, "/claude/marketplace.json")
    assert len(json.dumps(before, separators=(",", ":"))) < 4 * 1024 * 1024

    install(away, "acme-many.many", f"{site.url}/claude/marketplace.json")
    assert installed(away) == {f"acme-many.many@{before['name']}": "1.1.0"}

    publish(site, by, packages.skill("late"))
    site.wait_until_idle(300)
    after = {entry["name"] for entry in document(site, "/claude/marketplace.json")["plugins"]}
    assert {entry["name"] for entry in before["plugins"]} <= after
