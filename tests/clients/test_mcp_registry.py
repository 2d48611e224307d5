"""The MCP registry API with add-mcp, which writes the configuration of four clients."""

from __future__ import annotations

import json
import re
import tomllib
import urllib.request
from typing import TYPE_CHECKING

import pytest

from tests.clients import packages
from tests.clients.visitor import Visitor, publish

if TYPE_CHECKING:
    from tests.clients.machine import Machine
    from tests.clients.visitor import Person
    from tests.live_site import LiveSite

pytestmark = [pytest.mark.clients, pytest.mark.needs("add-mcp", "node")]


def test_add_mcp_finds_the_server_and_writes_four_clients(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    publish(live_site, publisher, packages.server("zebrapapers"))
    config = machine.home / ".config" / "add-mcp" / "config.json"
    config.parent.mkdir(parents=True)
    registries = [{"url": f"{live_site.url}/v0.1/servers", "label": "Ours"}]
    config.write_text(json.dumps({"version": 1, "findRegistries": registries}), encoding="utf-8")

    clients = [item for client in ("claude-code", "cursor", "codex", "vscode") for item in ("-a", client)]
    machine.run("add-mcp", "find", "zebrapapers", "-y", *clients)

    url = "https://mcp.example.com/zebrapapers"
    for path, key in ((".mcp.json", "mcpServers"), (".cursor/mcp.json", "mcpServers"), (".vscode/mcp.json", "servers")):
        (server,) = json.loads((machine.project / path).read_text(encoding="utf-8"))[key].values()
        assert server["url"] == url
    (server,) = tomllib.loads((machine.project / ".codex/config.toml").read_text(encoding="utf-8"))[
        "mcp_servers"
    ].values()
    assert server["url"] == url


@pytest.mark.needs("mcpb", "node")
def test_bundle_of_the_install_box_is_one_that_claude_desktop_opens(
    live_site: LiveSite, publisher: Person, machine: Machine
) -> None:
    name = publish(live_site, publisher, packages.bundle("clock")).rpartition("@")[0]
    page = Visitor(live_site.url).get(f"/{name}")
    (address,) = re.findall(r'href="([^"]+\.mcpb)" download>Download for Claude Desktop<', page)
    with urllib.request.urlopen(address, timeout=30) as answer:
        (machine.project / "clock.mcpb").write_bytes(answer.read())
    machine.run("mcpb", "unpack", "clock.mcpb", "clock")
    assert "Manifest" in machine.run("mcpb", "validate", "clock/manifest.json").stdout
