"""How each kind of package is handed to clients: as a plugin folder, as a marketplace entry, as single skills."""

from __future__ import annotations

import json
import posixpath
from typing import TYPE_CHECKING, Any

from registry.domain.content import Content, File

if TYPE_CHECKING:
    from registry.domain.manifest import Manifest, McpServer

MANIFEST = ".claude-plugin/plugin.json"
KEPT = (
    "displayName", "homepage", "repository", "license", "keywords", "commands", "agents", "skills", "hooks",
    "mcpServers", "lspServers", "outputStyles", "userConfig", "engines", "network", "monitors", "experimental",
    "themes", "workflows", "channels", "settings", "defaultEnabled",
)  # fmt: skip


def plugin_content(kind: str, name: str, manifest: Manifest, content: Content, *, version: str = "") -> Content:
    """A folder that Claude Code and Codex load as the plugin `name`, whatever kind the package is.

    Its plugin.json names no dependencies: clients look for them by the names of a marketplace, so its entries do.
    """
    layout = {
        "plugin": _as_is,
        "skill": _skill_below,
        "agent": _agent_below,
        "command": _command_below,
        "mcp_server": _servers_file,
    }[kind]
    files = layout(name, manifest, content)
    facts = _plugin_json(kind, name, manifest, version)
    body = json.dumps(facts, indent=2, ensure_ascii=False).encode() + b"\n"
    others = {path: file for path, file in files.items() if not path.startswith(".claude-plugin/")}
    return Content({**others, MANIFEST: File(body)})


def plugin_entry(kind: str, manifest: Manifest) -> dict[str, Any]:
    """The facts that a marketplace entry repeats beside name, version and source."""
    entry: dict[str, Any] = {"description": manifest.summary or manifest.name}
    if manifest.author.name:
        entry["author"] = {"name": manifest.author.name}
    if manifest.license:
        entry["license"] = manifest.license
    if manifest.keywords:
        entry["keywords"] = list(manifest.keywords)
    entry["category"] = manifest.category or kind.replace("_", "-")
    return entry


def skill_contents(manifest: Manifest, content: Content) -> dict[str, Content]:
    """Each skill by name, with its SKILL.md at the root."""
    found: dict[str, Content] = {}
    for skill in manifest.components.skills:
        own = content.below(posixpath.dirname(skill.path)) if "/" in skill.path else content
        if "SKILL.md" in own and skill.name and skill.name not in found:
            found[skill.name] = own
    return found


def _plugin_json(kind: str, name: str, manifest: Manifest, version: str) -> dict[str, Any]:
    facts: dict[str, Any] = {"name": name}
    if version or manifest.version:
        facts["version"] = version or manifest.version
    facts["description"] = manifest.description or manifest.summary or name
    if manifest.author.name:
        author = {"name": manifest.author.name, "email": manifest.author.email, "url": manifest.author.url}
        facts["author"] = {key: value for key, value in author.items() if value}
    if kind == "plugin" and manifest.format != "gemini-extension":
        facts |= {key: manifest.raw[key] for key in KEPT if _is_kept(key, manifest.raw.get(key))}
    elif manifest.license:
        facts["license"] = manifest.license
    return facts


def _is_kept(key: str, value: Any) -> bool:
    """Values of a type that the client takes; what it would refuse is left out (the findings say so)."""
    if value in (None, "", [], {}):
        return False
    if key in {"displayName", "license"}:
        return isinstance(value, str)
    if key in {"homepage", "repository"}:
        return isinstance(value, str) and value.startswith(("https://", "http://"))
    if key == "keywords":
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return True


def _as_is(_name: str, manifest: Manifest, content: Content) -> dict[str, File]:
    files = dict(content.items())
    if manifest.format == "gemini-extension" and manifest.components.mcp_servers and ".mcp.json" not in files:
        files[".mcp.json"] = _mcp_json(manifest)
    return files


def _skill_below(name: str, _manifest: Manifest, content: Content) -> dict[str, File]:
    return {f"skills/{name}/{path}": file for path, file in content.items()}


def _agent_below(name: str, manifest: Manifest, content: Content) -> dict[str, File]:
    paths = [agent.path for agent in manifest.components.agents if agent.path.endswith(".md")]
    return {f"agents/{name}.md" if path in paths else path: file for path, file in content.items()}


def _command_below(name: str, manifest: Manifest, content: Content) -> dict[str, File]:
    paths = {command.path: posixpath.splitext(command.path)[1] for command in manifest.components.commands}
    return {f"commands/{name}{paths[path]}" if path in paths else path: file for path, file in content.items()}


def _servers_file(_name: str, manifest: Manifest, content: Content) -> dict[str, File]:
    files = dict(content.items())
    if manifest.format != "mcp-json" or ".mcp.json" not in files:
        files[".mcp.json"] = _mcp_json(manifest)
    return files


def _mcp_json(manifest: Manifest) -> File:
    servers = {server.name: _server(server) for server in manifest.components.mcp_servers}
    return File(json.dumps({"mcpServers": servers}, indent=2, ensure_ascii=False).encode() + b"\n")


def _server(server: McpServer) -> dict[str, Any]:
    """A server as clients configure it; secrets stay the variables that they were."""
    if server.url:
        headers = {name: f"${{{name.upper().replace('-', '_')}}}" for name in server.headers}
        return {"type": server.transport, "url": server.url} | ({"headers": headers} if headers else {})
    root = "${CLAUDE_PLUGIN_ROOT}"
    arguments = [argument.replace("${__dirname}", root) for argument in server.args]
    env = {name: f"${{{name}}}" for name in server.env}
    return {"command": server.command.replace("${__dirname}", root), "args": arguments} | ({"env": env} if env else {})
