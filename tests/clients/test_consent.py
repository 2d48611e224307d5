"""A library that has not agreed to what a version can do gets none of it: in Claude Code, and by `npm ci`.

The latter asks for no document, so the tarball itself is refused.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.clients import packages
from tests.clients.visitor import Visitor, call, choose, publish

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = pytest.mark.clients
MARKET = "agent-marketplace"
HOOKS = {"hooks": {"SessionStart": [{"hooks": [{"type": "command", "command": "echo hello"}]}]}}


def configure(machine: Machine, site: LiveSite, token: str = "") -> None:
    """Who npm is, on a machine that has fetched nothing yet."""
    lines = [f"registry={site.url}/npm/", "audit=false", "update-notifier=false"]
    lines += [f"//localhost:{site.port}/npm/:_authToken={token}"] if token else []
    (machine.home / ".npmrc").write_text("\n".join(lines) + "\n")
    for folder in (machine.home / ".npm", machine.project / "node_modules"):
        shutil.rmtree(folder, ignore_errors=True)


def accept(site: LiveSite, reader: Person, name: str, number: str) -> None:
    body = json.dumps({"version": number, "act": "accept"}).encode()
    call(site, reader, f"/api/v1/library/{name}/consent", body, **{"Content-Type": "application/json"})


@pytest.mark.needs("claude")
def test_claude_code_stays_where_the_library_is_until_its_yes(
    live_site: LiveSite, publisher: Person, new_person: Callable[[], Person], machine: Machine
) -> None:
    name, reader = f"@{publisher.publisher}/watch", new_person()
    publish(live_site, publisher, packages.plugin("watch"))
    visitor = Visitor(live_site.url)
    visitor.sign_in(reader.email)
    visitor.choose(name)
    machine.line(visitor.line(name, "claude"))

    def updated() -> str:
        machine.run("claude", "plugin", "marketplace", "update", MARKET)
        machine.run("claude", "plugin", "update", f"watch@{MARKET}")
        (row,) = machine.read("claude", "plugin", "list", "--json")
        return str(row["version"])

    publish(live_site, publisher, packages.plugin("watch", "1.1.0") | {"hooks/hooks.json": json.dumps(HOOKS)})
    assert updated() == "1.0.0"
    assert not list((machine.home / ".claude/plugins/cache" / MARKET).rglob("hooks.json"))

    accept(live_site, reader, name, "1.1.0")
    assert updated() == "1.1.0"
    assert list((machine.home / ".claude/plugins/cache" / MARKET).rglob("hooks.json"))


@pytest.mark.needs("node", "npm-12")
def test_npm_ci_with_a_token_waits_for_the_librarys_yes(
    live_site: LiveSite, publisher: Person, new_person: Callable[[], Person], machine: Machine
) -> None:
    name, reader = f"@{publisher.publisher}/watch", new_person()
    publish(live_site, publisher, packages.plugin("watch"))
    choose(live_site, reader, name)
    wider = packages.plugin("watch", "1.1.0") | {"hooks/hooks.json": json.dumps(HOOKS)}
    publish(live_site, publisher, wider)
    configure(machine, live_site)
    (machine.project / "package.json").write_text(json.dumps({"dependencies": {name: "^1.0.0"}}))
    machine.run("npm-12", "install")
    inside = machine.project / "node_modules" / name
    assert json.loads((inside / "package.json").read_text())["version"] == "1.1.0"

    configure(machine, live_site, reader.token)
    refused = machine.run("npm-12", "ci", check=False)
    assert refused.returncode != 0
    assert not inside.exists()
    assert f"{live_site.url}/{name}" in refused.stderr
    assert f"{name} 1.1.0 can do more than you have agreed to" in refused.stderr

    accept(live_site, reader, name, "1.1.0")
    configure(machine, live_site, reader.token)
    machine.run("npm-12", "ci")
    assert json.loads((inside / "package.json").read_text())["version"] == "1.1.0"
