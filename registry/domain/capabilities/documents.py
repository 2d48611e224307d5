"""Capabilities that stand in the heads and bodies of skills, subagents and slash commands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from registry.domain.capabilities.code import env_capability, host_capability, hosts_in
from registry.domain.capabilities.model import ALL, Autonomy, Capability, Family, Place, Reach, plain
from registry.domain.capabilities.runners import hook_capabilities, server_capabilities
from registry.domain.capabilities.tools import family_of, normal_tool, split_tool
from registry.domain.formats.runners import read_hooks, read_servers
from registry.domain.frontmatter import read_frontmatter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content
    from registry.domain.frontmatter import Frontmatter
    from registry.domain.manifest import Agent

INLINE = re.compile(r"(?:^|\s)!`([^`\n]{1,400})`")
BLOCK = re.compile(r"^```!\s*\n?(.{1,400})", re.MULTILINE)
GEMINI = re.compile(r"!\{([^}\n]{1,400})\}")
MODES = {
    "bypassPermissions": Reach.BROAD,
    "dontAsk": Reach.BROAD,
    "auto": Reach.BROAD,
    "acceptEdits": Reach.LIMITED,
}


def skill_capabilities(content: Content, path: str) -> Iterator[Capability]:
    """A SKILL.md or a slash command: `allowed-tools` are approved beforehand, inline commands run by themselves."""
    head = read_frontmatter(content.text(path), path)
    at = (Place(path, head.lines.get("allowed-tools")),)
    for tool in head.words("allowed-tools") or ():
        yield tool_capability("preapproved", tool, Autonomy.PRE_APPROVED, at)
    yield from _head(head, path)
    yield from inline_capabilities(content.text(path), path)
    if head.text("description"):
        yield always_on("descriptions", "", Place(path, head.lines.get("description")))


def agent_capabilities(content: Content, agent: Agent) -> Iterator[Capability]:
    """A subagent: tools that are not named are all of them."""
    if not agent.path.endswith(".md") or agent.path not in content:
        return
    path = agent.path
    head = read_frontmatter(content.text(path), path)
    if agent.tools is None:
        at = (Place(path, 1),)
        yield Capability("tool", "tool", ALL, Family.SHELL, Reach.BROAD, Autonomy.ASKS_FIRST, at)
    for tool in agent.tools or ():
        yield tool_capability("tool", tool, Autonomy.ASKS_FIRST, (Place(path, head.lines.get("tools")),))
    yield from _head(head, path)
    yield from inline_capabilities(content.text(path), path)
    if head.text("description"):
        yield always_on("descriptions", "", Place(path, head.lines.get("description")))


def tool_capability(kind: str, tool: str, autonomy: Autonomy, at: tuple[Place, ...]) -> Capability:
    """One tool by its normal name."""
    name = normal_tool(plain(tool))
    family, reach = family_of(name)
    bound = split_tool(name)[1]
    what = name if "{" not in bound else f"{split_tool(name)[0]}({bound})"
    return Capability(kind, "tool", what, family, reach, autonomy, at)


def inline_capabilities(text: str, path: str) -> Iterator[Capability]:
    """Commands that run when the text is loaded."""
    patterns = (GEMINI,) if path.endswith(".toml") else (INLINE, BLOCK)
    for pattern in patterns:
        for match in pattern.finditer(text):
            at = (Place(path, text.count("\n", 0, match.start(1)) + 1),)
            what = plain(match[1])
            yield Capability("exec", "inline", what, Family.SHELL, Reach.LIMITED, Autonomy.UNASKED, at)


def card_capabilities(path: str, raw: dict[str, Any]) -> Iterator[Capability]:
    """An A2A agent card: the hosts that it is called at."""
    at = (Place(path, 1),)
    interfaces = raw.get("supportedInterfaces") or raw.get("additionalInterfaces")
    urls = [raw.get("url"), *(item.get("url") for item in interfaces or [] if isinstance(item, dict))]
    for url in urls:
        for host in hosts_in(url) if isinstance(url, str) else []:
            yield host_capability(host, at, Autonomy.ASKS_FIRST)
    for name in raw.get("securitySchemes") or {} if isinstance(raw.get("securitySchemes"), dict) else {}:
        yield env_capability(str(name), at, Autonomy.ASKS_FIRST)


def always_on(form: str, what: str, place: Place) -> Capability:
    """Text that a client puts into every conversation."""
    return Capability("always-on-context", form, plain(what), Family.FILES, Reach.NONE, Autonomy.ASKS_FIRST, (place,))


def _head(head: Frontmatter, path: str) -> Iterator[Capability]:
    mode = head.text("permissionMode")
    if mode in MODES:
        at = (Place(path, head.lines.get("permissionMode")),)
        yield Capability("permission-mode", "mode", mode, Family.BYPASS, MODES[mode], Autonomy.PRE_APPROVED, at)
    hooks = head.fields.get("hooks")
    if isinstance(hooks, dict):
        found, _ = read_hooks(hooks, path)
        for hook in found:
            yield from hook_capabilities(hook, Place(path, head.lines.get("hooks")))
    servers = head.fields.get("mcpServers")
    if isinstance(servers, dict):
        for server in read_servers(servers, path):
            yield from server_capabilities(server, Place(path, head.lines.get("mcpServers")))
