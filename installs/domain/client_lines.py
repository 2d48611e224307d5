"""The commands that install a package in each client: only lines that a client test runs (`tests/clients/`)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Client:
    """One client's lines; `note` names the versions they were seen to work with."""

    id: str
    label: str
    lines: tuple[str, ...]
    note: str


CLAUDE_NOTE = "Claude Code 2.1.275 or newer"
NPM_NOTE = "npm 10 or newer"


def claude(address: str, marketplace: str, plugin: str) -> Client:
    """The line that works the first time and every time after (it adds, refreshes, installs)."""
    line = (
        f"claude plugin marketplace add {address}"
        f" && claude plugin marketplace update {marketplace}"
        f" && claude plugin install {plugin}@{marketplace}"
    )
    return Client("claude", "Claude Code", (line,), CLAUDE_NOTE)


def npm(base: str, full_name: str, number: str) -> Client:
    """Point the publisher's scope to this registry, then install."""
    scope = full_name.split("/", 1)[0]
    lines = (f"npm config set {scope}:registry {base}/", f"npm install {full_name}@{number}")
    return Client("npm", "npm", lines, NPM_NOTE)


def host_of(base_url: str) -> str:
    """The host (and port) of an address."""
    return urlsplit(base_url).netloc
