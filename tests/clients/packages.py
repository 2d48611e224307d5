"""Packages of every kind, as their authors would upload them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

Files = dict[str, str]


def plugin(name: str, version: str = "1.0.0", *, skill: str = "look", needs: Sequence[str] = ()) -> Files:
    """A plugin with a skill, an agent, a command and an MCP server, and the plugins that it needs."""
    manifest: dict[str, object] = {"name": name, "version": version, "description": f"{name} looks things over."}
    if needs:
        manifest["dependencies"] = list(needs)
    servers = {"mcpServers": {f"{name}-docs": {"type": "http", "url": f"https://mcp.example.com/{name}"}}}
    return {
        ".claude-plugin/plugin.json": json.dumps(manifest),
        ".mcp.json": json.dumps(servers),
        f"skills/{skill}/SKILL.md": _front(skill, f"Look over {name} {version}"),
        f"agents/{name}-agent.md": _front(f"{name}-agent", "Reads what was changed", tools="Read, Grep"),
        f"commands/{name}-run.md": "---\ndescription: Run the reader\n---\nRead the changes.\n",
        "README.md": f"# {name}\n\nVersion {version}.\n",
    }


def skill(name: str, text: str = "Read the changes first.") -> Files:
    """A bare skill with a file beside it."""
    return {f"{name}/SKILL.md": _front(name, "Look over a change", body=text), f"{name}/notes.md": "Notes\n"}


def agent(name: str) -> Files:
    """A bare subagent."""
    return {f"{name}.md": _front(name, "Reads what was changed", tools="Read, Grep")}


def command(name: str) -> Files:
    """A bare slash command."""
    return {f"commands/{name}.md": "---\ndescription: Run the reader\n---\nRead the changes.\n"}


def server(name: str, version: str = "1.0.0") -> Files:
    """A remote MCP server, as its registry describes it."""
    told = {
        "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
        "name": f"com.example/{name}",
        "description": "Answers questions about documents",
        "version": version,
        "remotes": [{"type": "streamable-http", "url": f"https://mcp.example.com/{name}"}],
    }
    return {"server.json": json.dumps(told)}


def bundle(name: str) -> Files:
    """An MCP bundle, as Claude Desktop opens it."""
    told = {
        "manifest_version": "0.3",
        "name": name,
        "version": "1.0.0",
        "description": "Answers questions about documents",
        "author": {"name": "Ann"},
        "server": {
            "type": "node",
            "entry_point": "server.js",
            "mcp_config": {"command": "node", "args": ["${__dirname}/server.js"], "env": {"TOKEN": ""}},
        },
    }
    return {"manifest.json": json.dumps(told), "server.js": "// nothing\n"}


def extension(name: str, version: str = "1.0.0") -> Files:
    """A Gemini CLI extension with a skill."""
    told = {"name": name, "version": version, "contextFileName": "GEMINI.md"}
    return {
        "gemini-extension.json": json.dumps(told),
        "GEMINI.md": f"# {name}\n\nRead the changes first.\n",
        "skills/look/SKILL.md": _front("look", f"Look over {name}"),
    }


def _front(name: str, description: str, *, tools: str = "", body: str = "Do it well.") -> str:
    more = f"tools: {tools}\n" if tools else ""
    return f"---\nname: {name}\ndescription: {description}\n{more}---\n\n{body}\n"
