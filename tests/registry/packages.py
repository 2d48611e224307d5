"""Packages of every format, as their authors write them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from registry.domain.content import Content, File
from registry.domain.formats import detect

if TYPE_CHECKING:
    from registry.domain.findings import Finding
    from registry.domain.formats import Detection, Entry

SKILL = "---\nname: reviewer\ndescription: Reviews SQL. Use it before a migration.\n---\n\nRead the plan first.\n"
AGENT = "---\nname: tester\ndescription: Writes tests.\ntools: Read, Bash(git log:*)\n---\n\nYou write tests.\n"
COMMAND = "---\ndescription: Say hello\nallowed-tools: Bash(echo:*)\n---\n\nHello !`whoami`\n"
PLUGIN: dict[str, Any] = {"name": "kit", "version": "1.2.0", "description": "A kit.", "author": {"name": "Ann"}}
SERVER: dict[str, Any] = {
    "$schema": "https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json",
    "name": "io.example/weather",
    "description": "The weather.",
    "version": "1.0.0",
    "remotes": [{"type": "streamable-http", "url": "https://weather.example/mcp", "headers": [{"name": "X-Key"}]}],
}
BUNDLE: dict[str, Any] = {
    "manifest_version": "0.3",
    "name": "clock",
    "version": "0.1.0",
    "description": "Tells the time.",
    "author": {"name": "Ann"},
    "server": {
        "type": "node",
        "entry_point": "server.js",
        "mcp_config": {"command": "node", "args": ["${__dirname}/server.js"], "env": {"KEY": "${user_config.key}"}},
    },
}
CARD: dict[str, Any] = {
    "name": "Travel Agent",
    "description": "Books journeys.",
    "version": "2.0.0",
    "capabilities": {},
    "skills": [],
    "supportedInterfaces": [{"url": "https://a.example", "protocolBinding": "JSONRPC", "protocolVersion": "1.0"}],
}
MANIFEST = ".claude-plugin/plugin.json"
MARKETPLACE = ".claude-plugin/marketplace.json"


def made(files: dict[str, Any]) -> Content:
    """Content of texts, bytes, and maps (written as JSON)."""
    return Content({path: File(_bytes(value)) for path, value in files.items()})


def _bytes(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value, indent=2).encode()


def found(files: dict[str, Any], *, split: bool = False) -> Detection:
    """What is detected in them."""
    return detect(made(files), split=split)


def entry(files: dict[str, Any], *, split: bool = False) -> Entry:
    """The only package in them."""
    (only,) = found(files, split=split).entries
    return only


def finding(files: dict[str, Any], code: str, *, split: bool = False) -> Finding:
    """The one finding of that code."""
    detection = found(files, split=split)
    said = [*detection.findings, *(it for one in detection.entries for it in one.findings)]
    (only,) = (it for it in said if it.code == code)
    return only
