"""Which agent clients can use a package; what was seen to work, not what might."""

from __future__ import annotations

from enum import StrEnum


class Client(StrEnum):
    """Clients that install from this registry."""

    CLAUDE_CODE = "claude-code"
    CODEX = "codex"
    SKILLS = "skills-cli"
    NPM = "npm"


BY_KIND: dict[str, tuple[Client, ...]] = {
    "plugin": (Client.CLAUDE_CODE, Client.CODEX, Client.NPM),
    "skill": (Client.CLAUDE_CODE, Client.CODEX, Client.SKILLS, Client.NPM),
    "agent": (Client.CLAUDE_CODE, Client.NPM),
    "command": (Client.CLAUDE_CODE, Client.NPM),
    "mcp_server": (Client.CLAUDE_CODE, Client.CODEX, Client.NPM),
}


def clients_of(kind: str, *, has_skills: bool) -> list[str]:
    """The clients that can use a package of this kind, in a stable order."""
    found = list(BY_KIND.get(kind, ()))
    if has_skills and Client.SKILLS not in found:
        found.insert(-1, Client.SKILLS)
    return [client.value for client in found]
