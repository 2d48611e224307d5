"""The order in which formats are looked for: the most telling file first."""

from __future__ import annotations

import json
import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from registry.domain.archives import unwrap
from registry.domain.findings import Finding
from registry.domain.formats import marketplace
from registry.domain.formats.entry import Detection, Entry
from registry.domain.formats.plugins import MANIFESTS, plugin_of, read_plugin, usable_version
from registry.domain.formats.servers import is_bundle, is_server_json, read_mcp
from registry.domain.formats.singles import agent_entry, card_entry, command_entry, skill_entry
from registry.domain.frontmatter import read_frontmatter
from registry.domain.names import slugify

if TYPE_CHECKING:
    from collections.abc import Callable

    from registry.domain.content import Content

CARDS = ("agent-card.json", "agent.json", ".well-known/agent-card.json", ".well-known/agent.json")
PAPERS = {
    "readme.md",
    "changelog.md",
    "license.md",
    "contributing.md",
    "code_of_conduct.md",
    "security.md",
    "agents.md",
    "claude.md",
}
SKIP = {"node_modules", "docs", "doc", "test", "tests", "examples", ".github"}


def detect(content: Content, *, split: bool = False) -> Detection:
    """Every package in `content`, in its root or in the one folder that wraps everything.

    With `split` (repositories), loose skills, agents and commands are a package each; else several make one plugin.
    Never raises: what cannot be used is a finding.
    """
    content = unwrap(content)
    for look in (_marketplace, _plugin, _mcpb, _server_json, _card):
        if (found := look(content)) is not None:
            return _with_package_json(found, content)
    found = _loose(content, split=split) or _mcp_json(content) or _refused(content)
    return _with_package_json(found, content)


def _marketplace(content: Content) -> Detection | None:
    return marketplace.read_marketplace(content) if marketplace.PATH in content else None


def _plugin(content: Content) -> Detection | None:
    path = next((path for path in MANIFESTS if path in content), None)
    return Detection(MANIFESTS[path], (read_plugin(content, path),)) if path else None


def _mcpb(content: Content) -> Detection | None:
    return _mcp(content, "manifest.json", is_bundle)


def _server_json(content: Content) -> Detection | None:
    return _mcp(content, "server.json", is_server_json)


def _mcp_json(content: Content) -> Detection | None:
    return _mcp(content, ".mcp.json", lambda _: True)


def _mcp(content: Content, path: str, fits: Callable[[dict[str, Any]], bool]) -> Detection | None:
    if path not in content or not fits(_peek(content, path)):
        return None
    entry = read_mcp(content, path)
    return Detection(entry.format, (entry,))


def _card(content: Content) -> Detection | None:
    for path in CARDS:
        raw = _peek(content, path) if path in content else {}
        if raw.get("skills") is not None and raw.get("capabilities") is not None:
            return Detection("a2a-card", (card_entry(content, path, raw),))
    return None


def _loose(content: Content, *, split: bool) -> Detection | None:
    """Skills, subagents and commands without a manifest."""
    if "SKILL.md" in content:
        return Detection("agent-skill", (skill_entry(content, "SKILL.md"),))
    skills = [path for path in content if posixpath.basename(path) == "SKILL.md" and not _aside(path)]
    folders = tuple(f"{posixpath.dirname(path)}/" for path in skills)
    rest = [path for path in content if not path.startswith(folders) and not _aside(path)] if folders else list(content)
    agents = [path for path in rest if _is_agent(content, path)]
    commands = [path for path in rest if _is_command(path) and path not in agents]
    makers = [
        *((skill_entry, path) for path in skills),
        *((agent_entry, path) for path in agents),
        *((command_entry, path) for path in commands),
    ]
    if not makers:
        return None
    if split or len(makers) == 1:
        return Detection("loose", _distinct([make(content, path) for make, path in makers]))
    name = slugify(posixpath.commonprefix([path for _, path in makers]).strip("/").split("/")[-1]) or "collection"
    return Detection("folder", (plugin_of(content, _named(content, name), form="folder", path=""),))


def _named(content: Content, name: str) -> dict[str, Any]:
    raw = _peek(content, "package.json") if "package.json" in content else {}
    facts: dict[str, Any] = {
        key: raw[key] for key in ("name", "version", "description", "license", "author", "keywords") if key in raw
    }
    readme = content.text("README.md").lstrip("# \n").split("\n")[0] if "README.md" in content else ""
    return {"name": name, "description": readme[:300] or name, **facts}


def _distinct(entries: list[Entry]) -> tuple[Entry, ...]:
    """A second package of the same name gets its kind behind it, a third is refused."""
    seen: set[str] = set()
    found = []
    for entry in entries:
        name = entry.name if entry.name not in seen else f"{entry.name}-{entry.kind}"
        findings = entry.findings
        if name in seen:
            findings = (*findings, Finding("MP2075", "error", entry.source_path, params={"name": name}))
        seen.add(name)
        found.append(replace(entry, name=name, manifest=entry.manifest.named(name), findings=findings))
    return tuple(found)


def _is_agent(content: Content, path: str) -> bool:
    if not path.endswith(".md") or posixpath.basename(path).lower() in PAPERS:
        return False
    head = read_frontmatter(content.text(path), path)
    named = bool(head.text("name") and head.text("description"))
    return named or ("agents" in posixpath.dirname(path).split("/") and head.is_present)


def _is_command(path: str) -> bool:
    is_file = path.endswith((".md", ".toml")) and posixpath.basename(path).lower() not in PAPERS
    return is_file and "commands" in posixpath.dirname(path).split("/")


def _aside(path: str) -> bool:
    return bool(SKIP.intersection(path.split("/")[:-1]))


def _refused(content: Content) -> Detection:
    if "package.json" in content:
        return Detection("none", findings=(Finding("MP2081", "error", "package.json", 1),))
    if any(posixpath.basename(path) == "AGENTS.md" for path in content):
        return Detection("none", findings=(Finding("MP2082", "error", "AGENTS.md", 1),))
    return Detection("none", findings=(Finding("MP2080", "error"),))


def _with_package_json(found: Detection, content: Content) -> Detection:
    """An npm package's own name and version stand in where the agent format says none."""
    if "package.json" not in content or len(found.entries) != 1:
        return found
    raw, entry = _peek(content, "package.json"), found.entries[0]
    version = entry.version or usable_version(raw.get("version"))
    plain = slugify(str(raw.get("name") or "").rsplit("/", 1)[-1])
    name = plain if entry.name == "unnamed" and plain else entry.name
    manifest = replace(entry.manifest, version=version, name=name)
    return replace(found, entries=(replace(entry, version=version, name=name, manifest=manifest),))


def _peek(content: Content, path: str) -> dict[str, Any]:
    """The object in a JSON file; empty when it cannot be read (its reader says why)."""
    try:
        value = json.loads(content[path].data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
