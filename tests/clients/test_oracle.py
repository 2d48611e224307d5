"""What Claude Code says that a plugin provides is what we say that it can do: nothing that it would load is missed."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import marketplace
from registry.domain.archives import read_folder
from registry.domain.capabilities import CapabilitySet, gather
from registry.domain.capabilities.code import hosts_in
from registry.domain.formats import detect, plugin_content
from tests.registry.domain.packages import plugin
from tests.trust.pairs import WIDENINGS, hook, servers, skill

if TYPE_CHECKING:
    from registry.domain.content import Content
    from tests.clients.machine import Machine

pytestmark = pytest.mark.clients
DEMO = Path(marketplace.__file__).parent / "demo" / "packages"
SHOWN = ("kestrel/flake-hunter/0.9.0", "saltmarsh/secret-sweep/2.2.0", "windrose/weather-desk/1.2.0",
         "quayside/issue-bridge/4.2.0", "quayside/release-notes/1.4.0")  # fmt: skip
MONITORS = [{"name": "watch", "command": "tail -f log", "description": "Watches the log"}]
LANGUAGES = {"sql": {"command": "sql-ls", "extensionToLanguage": {".sql": "sql"}}}
TEXT = skill()
FLOW = "export const meta = { name: 'tide', description: 'Reads the tide' };\n"
FILES = {
    "monitors/monitors.json": MONITORS, ".lsp.json": LANGUAGES, "output-styles/terse.md": TEXT,
    "bin/tide": "#!/bin/sh\n", "hooks/hooks.json": hook("PreToolUse", "Bash"),
    ".mcp.json": servers(docs={"command": "docs"}), "commands/go.md": TEXT, "agents/reader.md": TEXT,
    "themes/dusk.json": {"name": "dusk", "colors": {}}, "workflows/tide.js": FLOW, "workflows/notes.md": TEXT,
}  # fmt: skip
NAMED = {"own/m.json": MONITORS, "own/l.json": LANGUAGES, "own/h.json": hook("Stop"),
         "own/s.json": servers(web={"type": "http", "url": "https://mcp.tidewater.dev/"}),
         "own/t.json": {"name": "dawn", "colors": {}}, "own/w.js": FLOW}  # fmt: skip
PLACES = {"experimental": {"monitors": "./own/m.json", "themes": "./own/t.json"}, "workflows": "./own/w.js",
          "lspServers": "./own/l.json", "hooks": "./own/h.json",
          "mcpServers": "./own/s.json", "network": {"hosts": ["api.tidewater.dev"]}}  # fmt: skip
FORMS = {"hook": "command"}
KINDS = {"output-styles": "outputStyles", "themes": "themes", "workflows": "workflows"}


def packages() -> dict[str, Content]:
    """By name: demo packages, updates that widen, and every place in which a component may stand."""
    found = {name: folder(DEMO / name) for name in SHOWN}
    found |= {pair.name: plugin(pair.after, **pair.facts_after) for pair in WIDENINGS[2:14:4]}
    found["default places"] = plugin(FILES)
    found["named places"] = plugin(NAMED, **PLACES)
    found["in the manifest"] = plugin(
        monitors=MONITORS, lspServers=LANGUAGES, **hook("Stop"), **servers(a={"command": "a"})
    )
    return found


def folder(path: Path) -> Content:
    return read_folder(
        (str(file.relative_to(path)), file.read_bytes(), False) for file in path.rglob("*") if file.is_file()
    )


@pytest.mark.needs("claude")
def test_nothing_that_claude_code_would_load_is_missed(machine: Machine) -> None:
    made = packages()
    with ThreadPoolExecutor(2) as pool:
        told = dict(zip(made, pool.map(lambda name: validated(machine, name, made[name]), made), strict=True))
    for name, content in made.items():
        (entry,) = detect(content).entries
        found, parts = gather(entry.content, entry.manifest), entry.manifest.components
        provides, hosts = told[name]["provides"], told[name]["hosts"]
        assert hooks_of(found) == {(h["event"], h.get("matcher") or "", h["type"]) for h in provides["hooks"]}, name
        assert ran(found, "mcp", "remote") == named(provides["mcpServers"]), name
        assert ran(found, "lsp") == named(provides["lspServers"]), name
        assert ran(found, "monitor") == named(provides["monitors"]), name
        assert ran(found, "bin") == set(provides["bin"]), name
        assert {part.name for part in parts.skills} == {one.rpartition(":")[2] for one in provides["skills"]}, name
        assert len(parts.commands) == len(provides["commands"]), name
        assert len(parts.agents) == len(provides["agents"]), name
        for kind, key in KINDS.items():
            assert len([part for part in parts.others if part.type == kind]) == len(provides[key]), (name, key)
        assert provides["modules"] == [], name
        assert {row["host"] for row in hosts["named"] if hosts_in(f"https://{row['host']}/")} <= reached(found), name


def validated(machine: Machine, name: str, content: Content) -> Any:
    """What the client says of the package as it is handed to clients."""
    (entry,) = detect(content).entries
    place = machine.root / "plugins" / name
    for path, file in plugin_content(entry.kind or "", entry.name, entry.manifest, entry.content).items():
        (place / path).parent.mkdir(parents=True, exist_ok=True)
        (place / path).write_bytes(file.data)
        (place / path).chmod(0o755 if file.executable else 0o644)
    told = json.loads(machine.run("claude", "plugin", "validate", "--json", str(place), check=False).stdout)
    assert told["success"], (name, told["manifest"]["errors"], [one["errors"] for one in told["contents"]])
    return told


def hooks_of(found: CapabilitySet) -> set[tuple[str, str, str]]:
    """Event, matcher and type; without those in the head of a text, which the client does not list."""
    told = [item for item in found if item.kind == "exec" and item.form.startswith("hook")]
    rows = [item for item in told if any(not place.path.endswith(".md") for place in item.places)]
    types = {item: FORMS.get(item.form, item.form.removeprefix("hook-")) for item in rows}
    return {(*_event(item.detail), types[item]) for item in rows}


def _event(detail: str) -> tuple[str, str]:
    event, _, matcher = detail.partition(" ")
    return event, matcher


def ran(found: CapabilitySet, *forms: str) -> set[str]:
    return {item.what for item in found if item.kind == "exec" and item.form in forms}


def named(rows: list[dict[str, Any]]) -> set[str]:
    return {row["name"] for row in rows}


def reached(found: CapabilitySet) -> set[str]:
    return {item.what for item in found if item.kind == "net"}
