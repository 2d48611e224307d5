"""Capabilities of what runs by itself: hooks, servers, monitors, programs on the path, install scripts."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from registry.domain.capabilities.code import env_capability, fetch_capability, host_capability, hosts_in
from registry.domain.capabilities.fetches import fetches_in, fetches_of_command
from registry.domain.capabilities.model import ANY, Autonomy, Capability, Family, Place, Reach, plain
from registry.domain.formats.jsons import texts_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content
    from registry.domain.manifest import Hook, McpServer

TOOL_EVENTS = frozenset(
    "PreToolUse PostToolUse PostToolUseFailure PermissionRequest PermissionDenied BeforeTool AfterTool".split()
)
EVERYTHING = re.compile(r"^(?:\*|\.\*|)$|^(?:Bash|PowerShell)$|\bBash\|")
VARIABLE = re.compile(r"\$\{(?:env:)?([A-Z][A-Z0-9_]{1,60})(?::-[^}]{0,80})?\}")
VERSIONED = re.compile(r"(?<=[\w])@\d+\.\d+\.\d+[\w.+-]*|==\d+(?:\.\d+)+[\w.+-]*")
INSTALL_SCRIPTS = ("preinstall", "install", "postinstall")
UNASKED = Autonomy.UNASKED


def place_of(content: Content, path: str, needle: str) -> Place:
    """The line on which `needle` stands in the file; without a line when it is written otherwise there."""
    if path not in content:
        return Place(path)
    text = content.text(path)
    wanted = json.dumps(needle, ensure_ascii=False)[1:-1][:60]
    at = text.find(wanted) if wanted else -1
    return Place(path, text.count("\n", 0, at) + 1) if at >= 0 else Place(path, 1)


def hook_capabilities(hook: Hook, place: Place) -> Iterator[Capability]:
    """One hook; it runs at its event, nobody is asked."""
    is_wide = hook.event in TOOL_EVENTS and EVERYTHING.search(hook.matcher) is not None
    reach = Reach.BROAD if is_wide else Reach.LIMITED
    detail = plain(f"{hook.event} {hook.matcher}".strip())
    form = "hook" if hook.type == "command" else f"hook-{plain(hook.type)}"[:20]
    what = plain(VERSIONED.sub("", hook.target)) or hook.type
    yield Capability("exec", form, what, Family.HOOKS, reach, UNASKED, (place,), detail)
    if hook.type == "http":
        for host in hosts_in(hook.target):
            yield host_capability(host, (place,), UNASKED)
    if hook.type == "command":
        yield from command_facts(hook.target, (place,))


def command_facts(command: str, at: tuple[Place, ...]) -> Iterator[Capability]:
    """What a command line that runs unasked shows of itself."""
    for found in fetches_in(command):
        yield fetch_capability(found, at, UNASKED)
    for host in hosts_in(command):
        yield host_capability(host, at, UNASKED)
    for name in VARIABLE.findall(command):
        if not name.startswith("CLAUDE_"):
            yield env_capability(name, at, UNASKED)


def server_capabilities(server: McpServer, place: Place) -> Iterator[Capability]:
    """One MCP server: started or called with the client, nobody is asked; its own tools are asked for one by one."""
    at = (place,)
    name = plain(server.name)
    if server.url:
        yield Capability("exec", "remote", name, Family.SERVERS, Reach.LIMITED, UNASKED, at, plain(server.url))
        hosts = hosts_in(server.url)
        for host in hosts:
            yield host_capability(host, at, UNASKED)
        if not hosts and "${" in server.url:
            yield Capability("net", "host", ANY, Family.NETWORK, Reach.BROAD, UNASKED, at)
    else:
        line = " ".join([server.command, *server.args])
        what = plain(VERSIONED.sub("", line))
        yield Capability("exec", "mcp", name, Family.SERVERS, Reach.LIMITED, UNASKED, at, what)
        for found in fetches_of_command(server.command, server.args):
            yield fetch_capability(found, at, UNASKED)
        for host in hosts_in(line):
            yield host_capability(host, at, UNASKED)
    for name in (*server.env, *(f"header {header}" for header in server.headers)):
        yield env_capability(name, at, UNASKED)
    for name in VARIABLE.findall(" ".join([server.command, *server.args, server.url])):
        if not name.startswith("CLAUDE_") and name not in server.env:
            yield env_capability(name, at, UNASKED)


def process_capabilities(
    form: str, name: str, item: dict[str, Any], content: Content, path: str
) -> Iterator[Capability]:
    """A language server (`lsp`) or a `monitor`, from a map with its command."""
    line = plain(" ".join([str(item.get("command") or ""), *texts_of(item.get("args"))]))
    at = (place_of(content, path, str(item.get("command") or name)),)
    family = Family.SERVERS if form == "lsp" else Family.SHELL
    yield Capability("exec", form, plain(name), family, Reach.LIMITED, UNASKED, at, VERSIONED.sub("", line))
    yield from command_facts(line, at)


def npm_capabilities(raw: dict[str, Any], content: Content, path: str) -> Iterator[Capability]:
    """A package.json: scripts that an install runs, commands on the path, packages that come with it."""
    named = raw.get("scripts")
    scripts: dict[str, Any] = named if isinstance(named, dict) else {}
    for name in INSTALL_SCRIPTS:
        if isinstance(scripts.get(name), str):
            at = (place_of(content, path, scripts[name]),)
            yield Capability("exec", "install", plain(scripts[name]), Family.SHELL, Reach.BROAD, UNASKED, at, name)
            yield from command_facts(scripts[name], at)
    programs = raw.get("bin")
    names = list(programs) if isinstance(programs, dict) else [str(raw.get("name") or "")] if programs else []
    for name in names:
        at = (place_of(content, path, name),)
        yield Capability("exec", "bin", plain(name), Family.SHELL, Reach.LIMITED, UNASKED, at)
    for key in ("dependencies", "optionalDependencies"):
        wanted = raw.get(key)
        for name in wanted if isinstance(wanted, dict) else ():
            at = (place_of(content, path, name),)
            yield Capability("depends-on", "npm", plain(name), Family.FETCH, Reach.LIMITED, UNASKED, at)
