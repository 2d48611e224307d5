"""Gathers the components of a plugin: the default places, and those that its manifest names."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from registry.domain.findings import Finding
from registry.domain.formats.jsons import text_of
from registry.domain.formats.markdown import read_agent, read_command, read_skill
from registry.domain.formats.processes import processes
from registry.domain.formats.runners import hooks_file, read_hooks, read_servers, servers_file
from registry.domain.manifest import Command, Components, Part

if TYPE_CHECKING:
    from registry.domain.content import Content
    from registry.domain.manifest import Agent, Hook, McpServer, Skill

SKILL = re.compile(r"(?:.*/)?SKILL\.md")
SCRIPTS = (".sh", ".py", ".js", ".mjs", ".cjs", ".ts", ".rb", ".pl", ".ps1", ".bat", ".cmd", ".bash", ".zsh")
OTHERS = {
    "outputStyles": ("output-styles", ".md"),
    "themes": ("themes", ".json"),
    "workflows": ("workflows", ".js"),
}
"""By key of the manifest: the folder, and the ending of what is read from it."""


class Gathering:
    """Components and findings, while a plugin's places are walked."""

    def __init__(self, content: Content, manifest: dict[str, Any], manifest_path: str) -> None:
        """Gather from `content`, whose manifest is `manifest` (empty: default places only)."""
        self.content = content
        self.manifest = manifest
        self.manifest_path = manifest_path
        self.findings: list[Finding] = []

    def components(self) -> Components:
        """Everything found."""
        return Components(
            skills=tuple(self.skills()),
            agents=tuple(self.agents()),
            commands=tuple(self.commands()),
            hooks=tuple(self.hooks()),
            mcp_servers=tuple(self.servers()),
            others=tuple(self.others()),
        )

    def places(self, key: str, default: str) -> list[str]:
        """The default folder and the paths of the manifest's `key`, from the package's root, each checked."""
        paths = self.named(key)
        found = [] if paths and key in {"commands", "agents"} else [default]
        for path in paths:
            place = posixpath.normpath(path).lstrip("/")
            if place == ".." or place.startswith("../"):
                self.findings.append(Finding("MP2050", "error", self.manifest_path, params={"path": path[:200]}))
            elif place != "." and place not in self.content and not self.below(place):
                self.findings.append(Finding("MP2051", "warning", self.manifest_path, params={"path": path[:200]}))
            else:
                found.append("" if place == "." else place)
        return list(dict.fromkeys(found))

    def named(self, key: str) -> list[str]:
        """The paths that the manifest's `key` gives: one, several, or the `source` of each item of a map."""
        value = self.manifest.get(key)
        trial = self.manifest.get("experimental")
        if key == "themes" and value is None and isinstance(trial, dict):
            value = trial.get(key)
        if isinstance(value, dict) and key in {"commands", "agents", "skills"}:
            value = [item.get("source") for item in value.values() if isinstance(item, dict)]
        return [path for path in (value if isinstance(value, list) else [value]) if isinstance(path, str) and path]

    def inline(self, key: str) -> list[dict[str, Any]]:
        """The maps that the manifest's `key` holds instead of paths."""
        value = self.manifest.get(key)
        return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]

    def below(self, folder: str) -> list[str]:
        """The paths under a folder (empty: all)."""
        return self.content.paths_below(folder)

    def files(self, key: str, default: str, *endings: str) -> list[str]:
        """The files of a kind of component in its places."""
        found: dict[str, None] = {}
        for place in self.places(key, default):
            paths = [place] if place in self.content else self.below(place)
            found |= dict.fromkeys(path for path in paths if path.endswith(endings))
        return list(found)

    def skills(self) -> list[Skill]:
        """Skills in `skills/*/SKILL.md`, at the root, and where the manifest says."""
        paths = [path for path in self.files("skills", "skills", ".md") if SKILL.fullmatch(path)]
        if "SKILL.md" in self.content and "SKILL.md" not in paths:
            paths.insert(0, "SKILL.md")
        found = []
        for path in paths:
            skill, _, findings = read_skill(self.content, path)
            self.findings += findings
            found.append(skill)
        return found

    def agents(self) -> list[Agent]:
        """Subagents in `agents/`."""
        found = []
        for path in self.files("agents", "agents", ".md"):
            if posixpath.basename(path).lower() in {"readme.md", "agents.md"}:
                continue
            agent, _, findings = read_agent(self.content, path)
            self.findings += findings
            found.append(agent)
        return found

    def commands(self) -> list[Command]:
        """Slash commands in `commands/`."""
        found = [*self.inline_commands()]
        for path in self.files("commands", "commands", ".md", ".toml"):
            if posixpath.basename(path).lower() == "readme.md":
                continue
            command, findings = read_command(self.content, path)
            self.findings += findings
            found.append(command)
        return found

    def inline_commands(self) -> list[Command]:
        """Commands whose text stands in the manifest."""
        value = self.manifest.get("commands")
        items = value.items() if isinstance(value, dict) else ()
        return [
            Command(name[:100], text_of(item.get("description")), self.manifest_path)
            for name, item in items
            if isinstance(item, dict) and isinstance(item.get("content"), str)
        ]

    def hooks(self) -> list[Hook]:
        """Hooks in `hooks/hooks.json`, in the files the manifest names, and in the manifest itself."""
        found: list[Hook] = []
        findings: list[Finding] = []
        for events in self.inline("hooks"):
            more, complaints = read_hooks(events, self.manifest_path)
            found, findings = [*found, *more], [*findings, *complaints]
        for path in self.files("hooks", "hooks/hooks.json", ".json"):
            more, complaints = hooks_file(self.content, path)
            found, findings = [*found, *more], [*findings, *complaints]
        self.findings += findings
        return found

    def servers(self) -> list[McpServer]:
        """MCP servers in `.mcp.json`, in the files the manifest names, and in the manifest itself."""
        found = [
            server for servers in self.inline("mcpServers") for server in read_servers(servers, self.manifest_path)
        ]
        for path in self.files("mcpServers", ".mcp.json", ".json"):
            more, complaints = servers_file(self.content, path)
            found = [*found, *more]
            self.findings += complaints
        return list(dict.fromkeys(found))

    def others(self) -> list[Part]:
        """Language servers, monitors, output styles, themes, programs and scripts."""
        parts = []
        for key, (folder, ending) in OTHERS.items():
            parts += [Part(folder, posixpath.basename(path), path) for path in self.files(key, folder, ending)]
        for key, kind in (("lspServers", "lsp-server"), ("monitors", "monitor")):
            found = processes(self.content, self.manifest, self.manifest_path, key)
            parts += [Part(kind, name[:100], path) for name, _item, path in found]
        binaries = self.manifest.get("binaries")
        names = list(map(str, binaries)) if isinstance(binaries, (dict, list)) else []
        parts += [Part("download", name[:100], self.manifest_path) for name in names]
        parts += [Part("program", posixpath.basename(path), path) for path in self.below("bin")]
        scripts = [path for path in self.content if path.endswith(SCRIPTS) and not path.startswith("bin/")]
        return parts + [Part("script", posixpath.basename(path), path) for path in scripts]
