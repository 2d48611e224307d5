"""Skills, subagents and commands that lie about without a manifest."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from registry.domain.content import Content
from registry.domain.findings import Finding
from registry.domain.formats.entry import Detection, Entry
from registry.domain.formats.jsons import peek
from registry.domain.formats.plugins import MANIFESTS, plugin_of, read_plugin
from registry.domain.formats.singles import agent_entry, command_entry, skill_entry
from registry.domain.frontmatter import read_frontmatter
from registry.domain.manifest import Manifest
from registry.domain.names import slugify

if TYPE_CHECKING:
    from collections.abc import Callable

PAPERS = {
    "readme.md",
    "changelog.md",
    "license.md",
    "contributing.md",
    "code_of_conduct.md",
    "security.md",
    "agents.md",
    "claude.md",
    "gemini.md",
    "skill.md",
}
NEVER = {"readme.md", "skill.md", "agents.md", "claude.md", "gemini.md"}
ASIDE = {"node_modules", "docs", "doc", "test", "tests", "examples", ".github"}
PLACES = {"agents", "commands", "skills"}
FACTS = ("name", "version", "description", "license", "author", "keywords")
MARKETPLACE = ".claude-plugin/marketplace.json"
TEXT_MOST = 64 * 1024


class Loose:
    """What a folder holds that is a package by itself; every file counts once."""

    def __init__(self, content: Content) -> None:
        """Look through `content`."""
        self.content = content
        self.paths = [path for path in content if not ASIDE.intersection(path.split("/")[:-1])]

    @cached_property
    def plugins(self) -> list[str]:
        """Folders with a plugin's manifest of their own, the outer one of two."""
        found: list[str] = []
        for path in self.paths:
            folder = next((path.removesuffix(f"/{name}") for name in MANIFESTS if path.endswith(f"/{name}")), "")
            if folder and not _is_below(folder, set(found)):
                found.append(folder)
        return found

    @cached_property
    def skills(self) -> list[str]:
        """Paths of SKILL.md files, the outer one of two."""
        found: dict[str, str] = {}
        for path in sorted(self.paths, key=lambda path: path.count("/")):
            folder, name = posixpath.split(path)
            if name == "SKILL.md" and not _is_below(folder, set(found)):
                found[folder] = path
        return sorted(found.values())

    @cached_property
    def rest(self) -> list[str]:
        """Files outside of all skills and plugins."""
        taken = {posixpath.dirname(path) for path in self.skills}
        return [path for path in self.paths if not _is_below(path, taken)]

    @cached_property
    def commands(self) -> list[str]:
        """Files below a folder `commands`."""
        return [path for path in self.rest if _is_command(path)]

    @cached_property
    def agents(self) -> list[str]:
        """Markdown files with name and description, and those below a folder `agents` that have a head at all."""
        commands = set(self.commands)
        return [path for path in self.rest if path not in commands and self._is_agent(path)]

    def _is_agent(self, path: str) -> bool:
        if not path.endswith(".md") or posixpath.basename(path).lower() in NEVER:
            return False
        head = read_frontmatter(self.content.text(path, most=TEXT_MOST), path)
        named = bool(head.text("name") and head.text("description"))
        return named or (head.is_present and "agents" in posixpath.dirname(path).split("/"))

    def headless(self) -> list[str]:
        """Markdown files that lie beside agents but have no head: no client would load them."""
        folders = {posixpath.dirname(path) for path in self.agents}
        known = {*self.agents, *self.commands}
        return [
            path
            for path in self.rest
            if path.endswith(".md")
            and path not in known
            and posixpath.dirname(path) in folders
            and posixpath.dirname(path)
            and posixpath.basename(path).lower() not in PAPERS
        ]

    def apart(self) -> Detection | None:
        """Each as a package of its own."""
        if self.plugins:
            found = [self._plugin(folder) for folder in self.plugins]
            taken = set(self.plugins)
            others = Content({path: self.content[path] for path in self.paths if not _is_below(path, taken)})
            rest = Loose(others).apart() if others else None
            return Detection("loose", distinct([*found, *(rest.entries if rest else ())]))
        entries = [make(self.content, path) for make, path in self._makers()]
        entries += [_headless(path) for path in self.headless()]
        return Detection("loose", distinct(entries)) if entries else None

    def together(self) -> Detection | None:
        """One package: the only thing there is, or a plugin of all of them."""
        makers = self._makers()
        if not makers:
            return None
        if len(makers) == 1:
            make, path = makers[0]
            return Detection("loose", (make(self.content, path),))
        folder = posixpath.commonpath([posixpath.dirname(path) for _, path in makers])
        name = slugify(posixpath.basename(folder)) if posixpath.basename(folder) not in PLACES else ""
        facts = self._named(name or "collection")
        return Detection("folder", (plugin_of(self.content, facts, form="folder", path=""),))

    def _makers(self) -> list[tuple[Callable[[Content, str], Entry], str]]:
        return [
            *((skill_entry, path) for path in self.skills),
            *((agent_entry, path) for path in self.agents),
            *((command_entry, path) for path in self.commands),
        ]

    def _plugin(self, folder: str) -> Entry:
        below = self.content.below(folder)
        own = Content({path: file for path, file in below.items() if path != MARKETPLACE})
        path = next(path for path in MANIFESTS if path in own)
        return replace(read_plugin(own, path), source_path=folder)

    def _named(self, name: str) -> dict[str, Any]:
        raw = peek(self.content, "package.json")
        facts = {key: raw[key] for key in FACTS if key in raw}
        readme = self.content.text("README.md", most=TEXT_MOST) if "README.md" in self.content else ""
        about = readme.lstrip("# \n").split("\n")[0]
        return {"name": name, "description": about[:300] or name, **facts}


def distinct(entries: list[Entry]) -> tuple[Entry, ...]:
    """A second package of the same name gets its kind behind it, a third is refused."""
    seen: set[str] = set()
    found = []
    for entry in entries:
        name = entry.name if entry.name not in seen else f"{entry.name}-{entry.kind.replace('_', '-')}"
        findings = entry.findings
        if name in seen:
            findings = (*findings, Finding("MP2075", "error", entry.source_path, params={"name": name}))
        seen.add(name)
        found.append(replace(entry, name=name, manifest=entry.manifest.named(name), findings=findings))
    return tuple(found)


def _headless(path: str) -> Entry:
    name = slugify(posixpath.basename(path).removesuffix(".md")) or "unnamed"
    manifest = Manifest(kind="agent", format="claude-agent", name=name)
    finding = Finding("MP2083", "error", path, 1, {"path": path})
    return Entry("agent", manifest.format, name, None, manifest, Content({}), (finding,), path)


def _is_command(path: str) -> bool:
    is_file = path.endswith((".md", ".toml")) and posixpath.basename(path).lower() not in NEVER
    return is_file and "commands" in posixpath.dirname(path).split("/")


def _is_below(path: str, folders: set[str]) -> bool:
    """Whether one of `folders` holds `path`; as quick for one folder as for ten thousand."""
    while path := posixpath.dirname(path):
        if path in folders:
            return True
    return False
