"""Every capability of a package, from every format that it may come in."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from registry.domain.capabilities.code import code_capabilities, env_capability, host_capability
from registry.domain.capabilities.documents import (
    MODES,
    agent_capabilities,
    always_on,
    card_capabilities,
    skill_capabilities,
    tool_capability,
)
from registry.domain.capabilities.lines import is_script
from registry.domain.capabilities.model import Autonomy, Capability, Family, Place, Reach, plain
from registry.domain.capabilities.reachable import unasked_files
from registry.domain.capabilities.runners import (
    hook_capabilities,
    npm_capabilities,
    place_of,
    process_capabilities,
    server_capabilities,
)
from registry.domain.capabilities.sets import CapabilitySet
from registry.domain.formats.processes import processes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content
    from registry.domain.manifest import Components, Manifest

MANIFESTS = {
    "claude-plugin": ".claude-plugin/plugin.json",
    "codex-plugin": ".codex-plugin/plugin.json",
    "cursor-plugin": ".cursor-plugin/plugin.json",
    "gemini-extension": "gemini-extension.json",
    "mcpb": "manifest.json",
    "mcp-server-json": "server.json",
    "mcp-json": ".mcp.json",
}
UNASKED = Autonomy.UNASKED
MOST = 3000
RUNS = frozenset({"hook", "mcp", "lsp", "monitor", "inline", "install"})


def gather(content: Content, manifest: Manifest) -> CapabilitySet:
    """The set of everything that the package can do, each with the places that say so; at most MOST tuples."""
    told = list(_told(content, manifest))
    commands = [f"{item.what} {item.detail}" for item in told if item.kind == "exec" and item.form in RUNS]
    programs = [path for path in content if path.startswith("bin/")]
    unasked = unasked_files(content, commands, programs)
    declared = _declared(manifest.raw)
    for path, file in content.items():
        if is_script(path, file):
            told.append(_script(path))
        autonomy = UNASKED if path in unasked else Autonomy.ASKS_FIRST
        told += code_capabilities(content, path, autonomy, declared)
        if len(told) > MOST:
            break
    return CapabilitySet.of(told[:MOST])


def _script(path: str) -> Capability:
    at = (Place(path, 1),)
    return Capability("exec", "script", "scripts", Family.SHELL, Reach.LIMITED, Autonomy.ASKS_FIRST, at)


def _told(content: Content, manifest: Manifest) -> Iterator[Capability]:
    path = MANIFESTS.get(manifest.format, "")
    yield from _components(content, manifest.components)
    yield from _manifest(content, manifest.raw, path)
    if manifest.format == "a2a-card":
        yield from card_capabilities(manifest.components.agents[0].path, manifest.raw)
    if "package.json" in content:
        yield from npm_capabilities(_object(content, "package.json"), content, "package.json")
    for requirement in manifest.requires:
        at = (place_of(content, path, requirement["name"]),)
        name = plain(requirement["name"])
        yield Capability("depends-on", "package", name, Family.FETCH, Reach.LIMITED, UNASKED, at)


def _components(content: Content, parts: Components) -> Iterator[Capability]:
    for path in (*(skill.path for skill in parts.skills), *(command.path for command in parts.commands)):
        if path in content:
            yield from skill_capabilities(content, path)
    for agent in parts.agents:
        yield from agent_capabilities(content, agent)
    for hook in parts.hooks:
        yield from hook_capabilities(hook, place_of(content, hook.path, hook.target.split(" ")[0] or hook.event))
    for server in parts.mcp_servers:
        needle = server.url or server.command or server.name
        yield from server_capabilities(server, place_of(content, server.path, needle))
    for part in parts.others:
        at = (Place(part.path, 1),)
        if part.type == "program":
            yield Capability("exec", "bin", part.name, Family.SHELL, Reach.LIMITED, UNASKED, at)
        if part.type == "output-styles":
            yield always_on("output-style", part.name, at[0])


def _manifest(content: Content, raw: dict[str, Any], path: str) -> Iterator[Capability]:
    """What only a manifest says."""
    for key, form in (("lspServers", "lsp"), ("monitors", "monitor")):
        for name, item, file in processes(content, raw, path, key):
            yield from process_capabilities(form, name, item, content, file)
    binaries = raw.get("binaries")
    for name in binaries if isinstance(binaries, (dict, list)) else ():
        at = (place_of(content, path, str(name)),)
        label = plain(str(name.get("name", "binary") if isinstance(name, dict) else name))
        yield Capability("download", "binary", label, Family.FETCH, Reach.BROAD, UNASKED, at)
    for host in _declared(raw):
        yield host_capability(host, (place_of(content, path, host),), Autonomy.ASKS_FIRST)
    yield from _settings(content, raw, path)
    yield from _gemini(content, raw, path)
    tools = raw.get("tools")
    for tool in tools if isinstance(tools, list) else ():
        if isinstance(tool, dict) and isinstance(tool.get("name"), str):
            at = (place_of(content, path, tool["name"]),)
            name = plain(tool["name"])
            yield Capability("tool", "mcp", name, Family.SERVERS, Reach.LIMITED, Autonomy.ASKS_FIRST, at)


def _settings(content: Content, raw: dict[str, Any], path: str) -> Iterator[Capability]:
    """Settings that come with the package, and values that the user is asked for."""
    settings = raw.get("settings")
    permissions = settings.get("permissions") if isinstance(settings, dict) else None
    if isinstance(permissions, dict):
        allowed = permissions.get("allow")
        for tool in allowed if isinstance(allowed, list) else ():
            at = (place_of(content, path, str(tool)),)
            yield tool_capability("preapproved", str(tool), Autonomy.PRE_APPROVED, at)
        mode = str(permissions.get("defaultMode") or "")
        if mode in MODES:
            at = (place_of(content, path, mode),)
            yield Capability("permission-mode", "mode", mode, Family.BYPASS, MODES[mode], Autonomy.PRE_APPROVED, at)
    for key in ("userConfig", "user_config"):
        values = raw.get(key)
        for name, value in values.items() if isinstance(values, dict) else ():
            if isinstance(value, dict) and value.get("sensitive"):
                yield env_capability(str(name), (place_of(content, path, str(name)),), UNASKED)


def _gemini(content: Content, raw: dict[str, Any], path: str) -> Iterator[Capability]:
    if path != "gemini-extension.json":
        return
    named = raw.get("contextFileName") or "GEMINI.md"
    for file in named if isinstance(named, list) else [named]:
        if isinstance(file, str) and file in content:
            yield always_on("file", file, Place(file, 1))
    settings = raw.get("settings")
    for item in settings if isinstance(settings, list) else ():
        if isinstance(item, dict) and isinstance(item.get("envVar"), str):
            yield env_capability(item["envVar"], (place_of(content, path, item["envVar"]),), UNASKED)
    servers = raw.get("mcpServers")
    for name, server in servers.items() if isinstance(servers, dict) else ():
        if isinstance(server, dict) and server.get("trust") is True:
            at = (place_of(content, path, "trust"),)
            yield Capability(
                "permission-mode", "trust", plain(str(name)), Family.BYPASS, Reach.BROAD, Autonomy.PRE_APPROVED, at
            )


def _declared(raw: dict[str, Any]) -> frozenset[str]:
    network = raw.get("network")
    hosts = network.get("hosts") if isinstance(network, dict) else None
    named = hosts if isinstance(hosts, list) else []
    return frozenset(plain(host).lower() for host in named if isinstance(host, str) and host)


def _object(content: Content, path: str) -> dict[str, Any]:
    try:
        value = json.loads(content[path].data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
