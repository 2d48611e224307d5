"""What kinds of package there are; the kind is detected, never asked."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The five kinds of package."""

    PLUGIN = "plugin"
    AGENT = "agent"
    SKILL = "skill"
    COMMAND = "command"
    MCP_SERVER = "mcp_server"
