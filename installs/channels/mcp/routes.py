"""Addresses of the MCP registry API; a server's name comes with its slash escaped or not."""

from __future__ import annotations

from django.urls import path, re_path

from installs.channels.mcp.views import servers, version, versions

NAME = r"(?P<name>[A-Za-z0-9.-]{1,150}/[A-Za-z0-9._-]{1,100})"
NUMBER = r"(?P<number>[0-9A-Za-z.+-]{1,128})"

patterns = [
    path("v0.1/servers", servers, name="mcp-servers"),
    re_path(rf"^v0\.1/servers/{NAME}/versions$", versions, name="mcp-versions"),
    re_path(rf"^v0\.1/servers/{NAME}/versions/{NUMBER}$", version, name="mcp-version"),
]
