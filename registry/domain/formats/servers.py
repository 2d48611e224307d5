"""MCP servers: server.json of the MCP registry, MCPB bundles, and bare .mcp.json files."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from registry.domain.findings import Finding
from registry.domain.formats.components import Gathering
from registry.domain.formats.entry import Entry
from registry.domain.formats.jsons import JsonRefused, line_of, maps_of, read_object, text_of, texts_of
from registry.domain.formats.plugins import broken, lead_of, manifest_of
from registry.domain.formats.runners import read_servers
from registry.domain.manifest import McpServer

if TYPE_CHECKING:
    from registry.domain.content import Content

SERVER_NAME = re.compile(r"[a-zA-Z0-9.-]+/[a-zA-Z0-9._-]+")
NAME_MOST = 200
DESCRIPTION_MOST = 100
RUNNERS = {"npm": "npx", "pypi": "uvx", "oci": "docker", "nuget": "dnx", "mcpb": ""}


def read_mcp(content: Content, path: str) -> Entry:
    """The server or servers described at `path` (`.mcp.json`, `server.json` or `manifest.json`)."""
    form = {".mcp.json": "mcp-json", "server.json": "mcp-server-json", "manifest.json": "mcpb"}[path]
    try:
        raw = read_object(content[path].data, path)
    except JsonRefused as refused:
        return broken(content, form, refused.finding, "mcp_server")
    reader = {"mcp-json": _mcp_json, "mcp-server-json": _server_json, "mcpb": _bundle}[form]
    servers, findings = reader(raw, path, content[path].data)
    if not servers and not any(finding.severity == "error" for finding in findings):
        findings.append(Finding("MP2060", "error", path, params={"path": path}))
    fallback = servers[0].name.rsplit("/", 1)[-1].lower() if servers else ""
    facts = raw if form != "mcp-json" else {"name": fallback, "description": lead_of(content)}
    beside = Gathering(content, {}, path)
    components = beside.components()
    listed = (*servers, *(server for server in components.mcp_servers if server not in servers))
    components = replace(components, mcp_servers=listed)
    findings += beside.findings
    manifest = manifest_of(
        facts, kind="mcp_server", form=form, content=content, components=components, fallback=fallback
    )
    return Entry("mcp_server", form, manifest.name, manifest.version, manifest, content, tuple(findings))


def _mcp_json(raw: dict[str, Any], path: str, _data: bytes) -> tuple[list[McpServer], list[Finding]]:
    return read_servers(raw, path), []


def _server_json(raw: dict[str, Any], path: str, data: bytes) -> tuple[list[McpServer], list[Finding]]:
    """The schema of 2025-12-11: what its required fields and limits say."""
    found = []
    name = text_of(raw.get("name"), 300)
    if not SERVER_NAME.fullmatch(name) or not 3 <= len(name) <= NAME_MOST:  # noqa: PLR2004  (the schema's bounds)
        found.append(Finding("MP2061", "error", path, line_of(data, "name"), {"name": name[:80]}))
    if not text_of(raw.get("description")):
        found.append(Finding("MP2023", "warning", path, 1, {"path": path}))
    elif len(text_of(raw["description"])) > DESCRIPTION_MOST:
        found.append(Finding("MP2024", "warning", path, line_of(data, "description"), {"limit": DESCRIPTION_MOST}))
    short = name.rsplit("/", 1)[-1]
    packages, remotes = _list_of(raw.get("packages")), _list_of(raw.get("remotes"))
    if any(isinstance(item, dict) and item.get("version") == "latest" for item in packages):
        found.append(Finding("MP2062", "error", path, line_of(data, "version")))
    missing = ["version"] if not text_of(raw.get("version")) else []
    missing += [f"packages[].{key}" for key in ("registryType", "identifier") if _lacks(packages, key)]
    missing += ["remotes[].url"] if _lacks(remotes, "url") else []
    found += [Finding("MP2063", "error", path, params={"key": key}) for key in missing]
    servers = [_remote(short, item, path) for item in remotes if isinstance(item, dict)]
    servers += [_package(short, item, path) for item in packages if isinstance(item, dict)]
    return servers, found


def _lacks(items: list[Any], key: str) -> bool:
    return any(isinstance(item, dict) and not text_of(item.get(key)) for item in items)


def _list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _remote(name: str, remote: dict[str, Any], path: str) -> McpServer:
    headers = tuple(text_of(item.get("name")) for item in _list_of(remote.get("headers")) if isinstance(item, dict))
    kind = {"streamable-http": "http"}.get(text_of(remote.get("type")), text_of(remote.get("type")) or "http")
    return McpServer(name, kind, path, url=text_of(remote.get("url")), headers=headers)


def _package(name: str, package: dict[str, Any], path: str) -> McpServer:
    registry = text_of(package.get("registryType"))
    identifier, version = text_of(package.get("identifier"), 300), text_of(package.get("version"), 100)
    pinned = f"{identifier}@{version}" if version and registry in {"npm", "pypi"} else identifier
    runner = text_of(package.get("runtimeHint")) or RUNNERS.get(registry, "")
    first = ("-y",) if runner == "npx" else ("run", "-i", "--rm") if runner == "docker" else ()
    env = tuple(
        text_of(item.get("name")) for item in _list_of(package.get("environmentVariables")) if isinstance(item, dict)
    )
    arguments = [item for item in _list_of(package.get("packageArguments")) if isinstance(item, dict)]
    rest = tuple(text_of(item.get("value")) or text_of(item.get("name")) for item in arguments)
    return McpServer(name, "stdio", path, command=runner, args=(*first, pinned, *filter(None, rest)), env=env)


def _bundle(raw: dict[str, Any], path: str, data: bytes) -> tuple[list[McpServer], list[Finding]]:
    """An MCPB manifest (v0.1 to v0.4)."""
    found = [
        Finding("MP2063", "error", path, line_of(data, key), {"key": key})
        for key in ("name", "version", "description", "author", "server")
        if not raw.get(key)
    ]
    server = raw.get("server")
    config = server.get("mcp_config") if isinstance(server, dict) else None
    if not isinstance(config, dict):
        return [], found or [Finding("MP2063", "error", path, params={"key": "server.mcp_config"})]
    env = config.get("env")
    command = text_of(config.get("command"), 500)
    arguments = texts_of(config.get("args")) if isinstance(config.get("args"), list) else ()
    name = text_of(raw.get("name"), 100) or "server"
    return [
        McpServer(name, "stdio", path, command, arguments, tuple(map(str, env)) if isinstance(env, dict) else ())
    ], found


def is_server_json(raw: dict[str, Any]) -> bool:
    """Whether a server.json is the MCP registry's."""
    return "modelcontextprotocol" in text_of(raw.get("$schema"), 300)


def is_bundle(raw: dict[str, Any]) -> bool:
    """Whether a manifest.json is an MCPB's."""
    return bool(raw.get("manifest_version") or raw.get("dxt_version")) and bool(maps_of({"s": raw.get("server")}))
