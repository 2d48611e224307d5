"""What "Connect this machine" shows: one command a client, which a test runs (`tests/clients/`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from installs.domain.client_lines import CLAUDE_NOTE, CODEX_NOTE, NPM_NOTE, SKILLS_NOTE, Client
from installs.domain.promises import Promise

if TYPE_CHECKING:
    from collections.abc import Iterable


def machine_clients(*, base: str, npm_base: str, key: str, secret: str, publishers: Iterable[str]) -> list[Client]:
    """The commands for a library: by its key where clients send no token, by the token `secret` for npm."""
    address = f"{base}/git/i/{key}.git"
    place = npm_base.split("://", 1)[-1]
    settings = [f"//{place}/:_authToken={secret}", *(f"@{name}:registry={npm_base}/" for name in sorted(publishers))]
    return [
        Client("claude", "Claude Code", (f"claude plugin marketplace add {address}",), CLAUDE_NOTE, Promise.LIBRARY),
        Client("codex", "Codex", (f"codex plugin marketplace add {address}",), CODEX_NOTE, Promise.LIBRARY),
        Client("npm", "npm", (" ".join(["npm config set", *settings]),), NPM_NOTE, Promise.NPM),
        Client("skills", "skills", (f"npx skills add {base}/s/{key} --skill '*' -y",), SKILLS_NOTE, Promise.LIBRARY),
    ]
