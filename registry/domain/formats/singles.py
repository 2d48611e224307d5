"""Packages without a JSON manifest: one skill, one subagent, one command, or an A2A agent card."""

from __future__ import annotations

import posixpath
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from registry.domain.findings import Finding
from registry.domain.formats.components import Gathering
from registry.domain.formats.entry import Entry
from registry.domain.formats.jsons import text_of
from registry.domain.formats.markdown import read_agent, read_command, read_skill
from registry.domain.formats.plugins import author_of, manifest_of, papers, usable_version
from registry.domain.manifest import Agent, Components, Manifest
from registry.domain.names import slugify

if TYPE_CHECKING:
    from registry.domain.content import Content
    from registry.domain.frontmatter import Frontmatter

KINDS = {"agent-skill": "skill", "claude-agent": "agent", "claude-command": "command"}
CARD_KEYS = ("name", "description", "version", "capabilities", "skills")


def skill_entry(content: Content, path: str, wrapped_in: str = "") -> Entry:
    """A skill with everything in its folder; a nameless one at the root is named after what it was wrapped in."""
    folder = posixpath.dirname(path)
    own = content.below(folder) if folder else content
    skill, head, findings = read_skill(own if folder else content, "SKILL.md")
    parent = posixpath.basename(folder) or wrapped_in
    if folder and skill.name != parent and head.text("name"):
        findings.append(Finding("MP2022", "warning", "SKILL.md", params={"name": skill.name, "folder": parent}))
    name = skill.name or slugify(parent) or "unnamed"
    manifest = _manifest(name, "agent-skill", skill.description, head, own, components=Components(skills=(skill,)))
    return _entry(manifest, own, findings, folder)


def agent_entry(content: Content, path: str) -> Entry:
    """One subagent: its file, and the papers when it is all that there is."""
    file = f"agents/{posixpath.basename(path)}"
    own = _alone(content, path, file)
    agent, head, findings = read_agent(own, file)
    name = slugify(agent.name) or slugify(posixpath.basename(path).removesuffix(".md")) or "unnamed"
    manifest = _manifest(name, "claude-agent", agent.description, head, own, components=Components(agents=(agent,)))
    return _entry(manifest, own, findings, path)


def command_entry(content: Content, path: str) -> Entry:
    """One slash command: its file, and the papers when it is all that there is."""
    file = f"commands/{posixpath.basename(path)}"
    own = _alone(content, path, file)
    command, findings = read_command(own, file)
    name = slugify(command.name) or "unnamed"
    manifest = _manifest(
        name, "claude-command", command.description, None, own, components=Components(commands=(command,))
    )
    return _entry(manifest, own, findings, path)


def _alone(content: Content, path: str, file: str) -> Content:
    """The file at its usual place, with README, changelog and licence when nothing else lies beside them."""
    found = papers(content)
    names = (found["readme_path"], found["changelog_path"], found["license_path"])
    beside = {name: content[name] for name in names if name}
    kept = beside if len(content) == 1 + len(beside) else {}
    return type(content)({**kept, file: content[path]})


def card_entry(content: Content, path: str, raw: dict[str, Any]) -> Entry:
    """An A2A agent card (specification of 2026-08)."""
    findings = [Finding("MP2063", "error", path, params={"key": key}) for key in CARD_KEYS if raw.get(key) is None]
    if not raw.get("supportedInterfaces") and not text_of(raw.get("url")):
        findings.append(Finding("MP2063", "error", path, params={"key": "supportedInterfaces"}))
    name = slugify(text_of(raw.get("name"))) or "unnamed"
    agent = Agent(name, text_of(raw.get("description")), path, tools=())
    facts = {**raw, "name": name}
    beside = Gathering(content, {}, path)
    components = beside.components()
    components = replace(components, agents=(agent, *components.agents))
    findings += beside.findings
    manifest = manifest_of(facts, kind="agent", form="a2a-card", content=content, components=components, fallback=name)
    return Entry("agent", "a2a-card", manifest.name, manifest.version, manifest, content, tuple(findings))


def _manifest(
    name: str,
    form: str,
    description: str,
    head: Frontmatter | None,
    content: Content,
    *,
    components: Components,
) -> Manifest:
    metadata = head.fields.get("metadata") if head else None
    extra: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
    version = (head.text("version") if head else "") or text_of(str(extra.get("version") or ""))
    return Manifest(
        kind=KINDS[form],
        format=form,
        name=name,
        version=usable_version(version) if version else None,
        description=description,
        license=head.text("license")[:80] if head else "",
        author=author_of(extra.get("author")),
        components=components,
        **papers(content),
    )


def _entry(manifest: Manifest, content: Content, findings: list[Finding], source_path: str) -> Entry:
    found = list(findings)
    if not manifest.description and all(told.code != "MP2023" for told in found):
        path = next(iter(content))
        found.append(Finding("MP2023", "warning", path, 1, {"path": path}))
    return Entry(
        manifest.kind, manifest.format, manifest.name, manifest.version, manifest, content, tuple(found), source_path
    )
