from __future__ import annotations

import json
from typing import Any

import pytest

from registry.domain.formats import plugin_content, plugin_entry, skill_contents
from tests.registry.packages import AGENT, BUNDLE, CARD, COMMAND, MANIFEST, MARKETPLACE, PLUGIN, SERVER, SKILL, entry


def emitted(files: dict[str, Any], name: str = "thing") -> dict[str, bytes]:
    one = entry(files)
    content = plugin_content(one.kind, name, one.manifest, one.content, version="1.5.0")
    return {path: file.data for path, file in content.items()}


def manifest_of(files: dict[str, Any], name: str = "thing") -> dict[str, Any]:
    facts: dict[str, Any] = json.loads(emitted(files, name)[MANIFEST])
    return facts


@pytest.mark.parametrize(
    ("files", "paths"),
    [
        ({"SKILL.md": SKILL, "scripts/a.sh": "x"}, ["skills/thing/SKILL.md", "skills/thing/scripts/a.sh"]),
        ({"agents/tester.md": AGENT}, ["agents/thing.md"]),
        ({"commands/hello.md": COMMAND}, ["commands/thing.md"]),
        ({"commands/hello.toml": 'prompt = "x"'}, ["commands/thing.toml"]),
        ({"server.json": SERVER}, [".mcp.json", "server.json"]),
        ({"manifest.json": BUNDLE, "server.js": "x"}, [".mcp.json", "manifest.json", "server.js"]),
        ({".mcp.json": {"mcpServers": {"a": {"command": "b"}}}}, [".mcp.json"]),
        (
            {"gemini-extension.json": {"name": "k", "mcpServers": {"a": {"command": "b"}}}},
            [".mcp.json", "gemini-extension.json"],
        ),
        ({MANIFEST: PLUGIN, "commands/x.md": COMMAND}, ["commands/x.md"]),
        ({"agent-card.json": CARD}, ["agent-card.json"]),
    ],
)
def test_every_kind_is_a_plugin_folder(files: dict[str, Any], paths: list[str]) -> None:
    found = emitted(files)
    assert sorted(found) == sorted([MANIFEST, *paths])
    facts = json.loads(found[MANIFEST])
    assert (facts["name"], facts["version"], bool(facts["description"])) == ("thing", "1.5.0", True)


def test_only_what_clients_take_is_handed_on() -> None:
    facts = manifest_of({
        MANIFEST: {**PLUGIN, "homepage": "not an address", "license": {"type": "MIT"}, "keywords": "a", "colour": "red",
                   "commands": "./more", "hooks": {}, "author": "Ann <a@example.com>", "displayName": "Kit"},
        "more/x.md": COMMAND,
    })  # fmt: skip
    assert facts == {
        "name": "thing",
        "version": "1.5.0",
        "description": "A kit.",
        "author": {"name": "Ann"},
        "displayName": "Kit",
        "commands": "./more",
    }


def test_nothing_else_of_a_manifest_folder_is_handed_on() -> None:
    files = {MARKETPLACE: {"name": "s", "owner": {}, "plugins": [{"name": "kit", "source": "./"}]}, MANIFEST: PLUGIN}
    found = emitted({**files, "commands/x.md": COMMAND})
    assert sorted(found) == [MANIFEST, "commands/x.md"]


def test_server_is_configured_with_variables_not_values() -> None:
    servers = json.loads(emitted({"manifest.json": BUNDLE})[".mcp.json"])["mcpServers"]
    assert servers == {
        "clock": {"command": "node", "args": ["${CLAUDE_PLUGIN_ROOT}/server.js"], "env": {"KEY": "${KEY}"}}
    }
    servers = json.loads(emitted({"server.json": SERVER})[".mcp.json"])["mcpServers"]
    assert servers == {
        "weather": {"type": "http", "url": "https://weather.example/mcp", "headers": {"X-Key": "${X_KEY}"}}
    }


def test_server_of_a_server_json_is_configured_beside_those_that_were_there() -> None:
    found = emitted({"server.json": SERVER, ".mcp.json": {"mcpServers": {"clock": {"command": "clock"}}}})
    assert sorted(json.loads(found[".mcp.json"])["mcpServers"]) == ["clock", "weather"]


def test_entry_of_a_marketplace_says_what_clients_show() -> None:
    one = entry({MANIFEST: {**PLUGIN, "license": "MIT", "keywords": ["a"]}, "commands/x.md": COMMAND})
    assert plugin_entry("plugin", one.manifest) == {
        "description": "A kit.",
        "author": {"name": "Ann"},
        "license": "MIT",
        "keywords": ["a"],
        "category": "plugin",
    }


def test_each_skill_stands_alone() -> None:
    other = SKILL.replace("reviewer", "other")
    one = entry(
        {
            MANIFEST: PLUGIN,
            "skills/reviewer/SKILL.md": SKILL,
            "skills/reviewer/a/b": "x",
            "skills/other/SKILL.md": other,
        }
    )
    found = skill_contents(one.manifest, one.content)
    assert {name: list(content) for name, content in found.items()} == {
        "reviewer": ["SKILL.md", "a/b"],
        "other": ["SKILL.md"],
    }
