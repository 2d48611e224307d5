"""Claude Code by git over loopback http: the line of the install box, as somebody would copy it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.clients import packages
from tests.clients.visitor import Visitor, call, person, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients, pytest.mark.needs("claude")]
MARKET = "agent-marketplace"


def installed(machine: Machine) -> dict[str, str]:
    """Versions by plugin."""
    return {row["id"]: row["version"] for row in machine.read("claude", "plugin", "list", "--json")}


def named(rows: list[Any]) -> set[str]:
    return {row if isinstance(row, str) else row["name"] for row in rows}


def test_line_works_twice_signed_out_and_goes_on_after_signing_in(
    live_site: LiveSite, publisher: Person, machine: Machine, new_person: Callable[[], Person]
) -> None:
    one = publish(live_site, publisher, packages.plugin("reader")).rpartition("@")[0]
    two = publish(live_site, publisher, packages.plugin("writer", skill="write")).rpartition("@")[0]
    three = publish(live_site, publisher, packages.skill("tidy")).rpartition("@")[0]
    visitor = Visitor(live_site.url)

    visitor.choose(one)
    first = visitor.line(one, "claude")
    machine.line(first)
    assert installed(machine) == {f"reader@{MARKET}": "1.0.0"}

    visitor.choose(two)
    second = visitor.line(two, "claude")
    assert second == first.replace("reader", "writer")
    machine.line(second)
    assert installed(machine) == {f"reader@{MARKET}": "1.0.0", f"writer@{MARKET}": "1.0.0"}

    account = new_person()
    visitor.sign_in(account.email)
    visitor.choose(three)
    machine.line(visitor.line(three, "claude"))
    assert set(installed(machine)) == {f"reader@{MARKET}", f"writer@{MARKET}", f"tidy@{MARKET}"}

    elsewhere = Visitor(live_site.url)
    elsewhere.sign_in(account.email)
    assert elsewhere.line(one, "claude") == first


def test_session_loads_plugin_skill_agent_command_and_server(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    visitor = Visitor(live_site.url)
    kinds = {
        "reader": packages.plugin("reader"),
        "tidy": packages.skill("tidy"),
        "critic": packages.agent("critic"),
        "polish": packages.command("polish"),
        "papers": packages.server("papers"),
    }
    for files in kinds.values():
        name = publish(live_site, publisher, files).rpartition("@")[0]
        visitor.choose(name)
        machine.line(visitor.line(name, "claude"))

    loaded = machine.session()

    assert {name for name in named(loaded["plugins"]) if not name.startswith("cc-plugin-")} == set(kinds)
    assert {"reader:look", "tidy:tidy"} <= named(loaded["skills"])
    assert {"reader:reader-agent", "critic:critic"} <= named(loaded["agents"])
    assert {"reader:reader-run", "polish:polish"} <= named(loaded["slash_commands"])
    assert {"plugin:reader:reader-docs", "plugin:papers:papers"} <= named(loaded["mcp_servers"])
    assert not loaded.get("plugin_errors")


def test_new_version_updates_and_a_yanked_one_goes_back(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    visitor = Visitor(live_site.url)
    name = publish(live_site, publisher, packages.plugin("reader")).rpartition("@")[0]
    visitor.choose(name)
    machine.line(visitor.line(name, "claude"))

    publish(live_site, publisher, packages.plugin("reader", "1.1.0"))
    machine.run("claude", "plugin", "marketplace", "update", MARKET)
    machine.run("claude", "plugin", "update", f"reader@{MARKET}")

    assert installed(machine) == {f"reader@{MARKET}": "1.1.0"}
    (skill,) = (machine.home / ".claude" / "plugins" / "cache" / MARKET / "reader" / "1.1.0").glob("skills/*/SKILL.md")
    assert "Look over reader 1.1.0" in skill.read_text(encoding="utf-8")


def test_public_line_of_a_publisher_needs_no_library(live_site: LiveSite, publisher: Person, machine: Machine) -> None:
    name = publish(live_site, publisher, packages.plugin("reader")).rpartition("@")[0]
    machine.line(Visitor(live_site.url).line(name, "claude"))
    assert installed(machine) == {f"reader@{publisher.publisher}": "1.0.0"}


def test_collection_is_one_marketplace_of_several_publishers(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    other = person(live_site, "other-shelf")
    names = [
        publish(live_site, by, files).rpartition("@")[0]
        for by, files in ((publisher, packages.plugin("reader")), (other, packages.skill("tidy")))
    ]
    json_body = {"Content-Type": "application/json"}
    made = call(live_site, publisher, "/api/v1/collections", b'{"title": "Desk"}', **json_body)
    for name in names:
        call(
            live_site, publisher, f"/api/v1/collections/{made['slug']}/entries/{name}", b"{}", method="PUT", **json_body
        )
    market = f"collections_{made['slug']}"

    machine.line(Visitor(live_site.url).line(f"collections/{made['slug']}", "claude"))

    assert installed(machine) == {f"reader@{market}": "1.0.0", f"tidy@{market}": "1.0.0"}


@pytest.mark.parametrize("kind", ["plugin", "skill", "agent", "command", "server"])
def test_client_validates_what_each_kind_becomes(
    live_site: LiveSite, publisher: Person, machine: Machine, kind: str
) -> None:
    name = publish(live_site, publisher, getattr(packages, kind)("thing")).rpartition("@")[0]
    for address in (publisher.publisher, name.removeprefix("@")):
        folder = machine.project / address.replace("/", "-")
        machine.run("git", "clone", "--quiet", f"{live_site.url}/git/{address}.git", str(folder))
        report = machine.read("claude", "plugin", "validate", "--json", str(folder))
        assert (report["success"], report["manifest"]["errors"]) == (True, []), json.dumps(report)


def test_settings_of_a_project_and_one_session_bring_it_without_an_install(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    name = publish(live_site, publisher, packages.plugin("reader")).rpartition("@")[0]
    page = Visitor(live_site.url)
    settings = machine.project / ".claude" / "settings.json"
    session = page.line(name, "claude-session").split()
    assert session[:2] == ["claude", "--plugin-url"]
    assert "reader:look" in named(machine.session(*session[1:])["skills"])
    assert installed(machine) == {}

    settings.parent.mkdir()
    settings.write_text(page.line(name, "claude-settings"), encoding="utf-8")
    (machine.home / ".claude.json").write_text(
        json.dumps({"projects": {str(machine.project): {"hasTrustDialogAccepted": True}}}), encoding="utf-8"
    )
    assert "reader:look" in named(machine.session(CLAUDE_CODE_SYNC_PLUGIN_INSTALL="1")["skills"])


@pytest.mark.long
def test_second_of_two_equal_names_goes_on_under_the_bare_one(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    other = person(live_site, f"beta-{publisher.publisher[-8:]}")
    one = publish(live_site, publisher, packages.plugin("reader")).rpartition("@")[0]
    two = publish(live_site, other, packages.plugin("reader", "2.0.0")).rpartition("@")[0]
    visitor = Visitor(live_site.url)
    visitor.choose(one)
    visitor.choose(two)
    machine.line(visitor.line(two, "claude"))
    assert installed(machine) == {f"{other.publisher}.reader@{MARKET}": "2.0.0"}
    visitor.get("/library")
    visitor.post(f"/library/{one}/remove")
    machine.run("claude", "plugin", "marketplace", "update", MARKET)
    machine.session()
    assert installed(machine) == {f"reader@{MARKET}": "2.0.0"}
