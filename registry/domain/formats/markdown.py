"""Skills, subagents and slash commands: Markdown files with a head (agentskills.io; Claude Code's plugin reference)."""

from __future__ import annotations

import posixpath
import re
import tomllib
from typing import TYPE_CHECKING

from registry.domain.cleaning import clean
from registry.domain.findings import Finding
from registry.domain.frontmatter import Frontmatter, read_frontmatter
from registry.domain.manifest import Agent, Command, Skill
from registry.domain.names import is_skill_name, slugify

if TYPE_CHECKING:
    from registry.domain.content import Content

INLINE_SHELL = re.compile(r"(?:^|\s)!`[^`\n]+`|^```!", re.MULTILINE)
DESCRIPTION_MOST = 1024
TEXT_MOST = 1024 * 1024
COMPATIBILITY_MOST = 500
SKILL_KEYS = {
    "name", "description", "license", "compatibility", "metadata", "allowed-tools", "hooks", "context", "agent",
    "model", "disable-model-invocation", "user-invocable", "version", "argument-hint", "arguments", "paths", "shell",
    "effort",
}  # fmt: skip


def read_skill(content: Content, path: str) -> tuple[Skill, Frontmatter, list[Finding]]:
    """The skill whose SKILL.md is at `path`."""
    head = read_frontmatter(content.text(path, most=TEXT_MOST), path)
    folder = posixpath.dirname(path)
    parent = posixpath.basename(folder)
    name = head.text("name")
    findings = [*head.findings, *_too_large(content, path), *_skill_findings(head, path, name, parent)]
    usable = name if is_skill_name(name) else slugify(name) or slugify(parent)
    skill = Skill(
        name=usable,
        description=head.text("description"),
        path=path,
        allowed_tools=head.words("allowed-tools") or (),
        model=head.text("model"),
        has_inline_shell=INLINE_SHELL.search(head.body) is not None,
        files=len(content.paths_below(folder)),
    )
    return skill, head, findings


def _skill_findings(head: Frontmatter, path: str, name: str, parent: str) -> list[Finding]:
    found: list[Finding] = []
    if not head.is_present:
        found.append(Finding("MP2001", "warning", path, 1, {"path": path}))
    if not name:
        found.append(Finding("MP2020", "warning", path, 1, {"path": path}))
    elif not is_skill_name(name):
        found.append(Finding("MP2021", "warning", path, head.lines.get("name"), {"name": name[:80]}))
    elif parent and parent != name:
        found.append(Finding("MP2022", "warning", path, head.lines.get("name"), {"name": name, "folder": parent}))
    description = head.text("description")
    if not description:
        found.append(Finding("MP2023", "warning", path, 1, {"path": path}))
    elif len(description) > DESCRIPTION_MOST:
        found.append(Finding("MP2024", "warning", path, head.lines.get("description"), {"limit": DESCRIPTION_MOST}))
    if len(head.text("compatibility")) > COMPATIBILITY_MOST:
        found.append(Finding("MP2025", "warning", path, head.lines.get("compatibility"), {"limit": COMPATIBILITY_MOST}))
    if isinstance(head.fields.get("allowed-tools"), list):
        found.append(Finding("MP2026", "info", path, head.lines.get("allowed-tools"), {"key": "allowed-tools"}))
    unknown = sorted(set(head.fields) - SKILL_KEYS)
    found += [Finding("MP2027", "info", path, head.lines.get(key), {"key": key[:60]}) for key in unknown[:10]]
    return found


def read_agent(content: Content, path: str) -> tuple[Agent, Frontmatter, list[Finding]]:
    """The subagent at `path`; without `tools` it may use every tool, which is said (MP2030)."""
    head = read_frontmatter(content.text(path, most=TEXT_MOST), path)
    stem = posixpath.basename(path).removesuffix(".md")
    found = [*head.findings, *_too_large(content, path)]
    if not head.text("name"):
        found.append(Finding("MP2020", "warning", path, 1, {"path": path}))
    if not head.text("description"):
        found.append(Finding("MP2023", "warning", path, 1, {"path": path}))
    tools = head.words("tools")
    if tools is None:
        found.append(Finding("MP2030", "info", path, 1, {"path": path}))
    if head.text("permissionMode") in {"bypassPermissions", "acceptEdits", "dontAsk"}:
        mode = head.text("permissionMode")
        found.append(Finding("MP2031", "warning", path, head.lines.get("permissionMode"), {"mode": mode}))
    agent = Agent(
        name=head.text("name") or stem,
        description=head.text("description"),
        path=path,
        tools=tools,
        model=head.text("model"),
        permission_mode=head.text("permissionMode"),
    )
    return agent, head, found


def read_command(content: Content, path: str) -> tuple[Command, list[Finding]]:
    """The slash command at `path` (Markdown, or TOML as Gemini CLI has it)."""
    stem = posixpath.basename(path).rsplit(".", 1)[0]
    if path.endswith(".toml"):
        return _read_toml(content, path, stem)
    head = read_frontmatter(content.text(path, most=TEXT_MOST), path)
    command = Command(
        name=stem,
        description=head.text("description"),
        path=path,
        allowed_tools=head.words("allowed-tools") or (),
        has_inline_shell=INLINE_SHELL.search(head.body) is not None,
    )
    return command, [*head.findings, *_too_large(content, path)]


def _read_toml(content: Content, path: str, stem: str) -> tuple[Command, list[Finding]]:
    try:
        fields = tomllib.loads(content.text(path, most=TEXT_MOST))
    except (tomllib.TOMLDecodeError, RecursionError, ValueError):
        found = [Finding("MP2004", "warning", path, 1, {"path": path}), *_too_large(content, path)]
        return Command(stem, "", path), found
    prompt, description = fields.get("prompt"), clean(fields.get("description"))
    is_shell = isinstance(prompt, str) and "!{" in prompt
    text = description if isinstance(description, str) else ""
    return Command(stem, text, path, has_inline_shell=is_shell), _too_large(content, path)


def _too_large(content: Content, path: str) -> list[Finding]:
    """A client would load all of it, and what is beyond the limit is not read here: such a file is refused."""
    if len(content[path].data) <= TEXT_MOST:
        return []
    return [Finding("MP2028", "error", path, params={"path": path, "limit": TEXT_MOST})]
