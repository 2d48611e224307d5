"""How a package gets into each client: only lines, files and links that a test runs or decodes (`tests/clients/`)."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from installs.domain.promises import Promise

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Way:
    """Another way into the same client: lines for a shell, or text for a `file`."""

    id: str
    lines: tuple[str, ...]
    file: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """One client: lines for a shell, or text for a `file`, or a `link` to open; `note` names the versions tested.

    `promise` is that of the address in them. A link is a `download` when a file is behind it and no program.
    """

    id: str
    label: str
    lines: tuple[str, ...]
    note: str
    promise: Promise
    file: str = ""
    link: str = ""
    download: bool = False
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """A package as its install box knows it.

    `key` leads to the viewer's library and `entry` is its name there, both empty while it is not in one; `servers` are
    its MCP servers as its manifest tells them, without any value of a secret. `archive` and `bundle` are the addresses
    of its plugin zip and of its MCPB file for whoever asks without a name, empty where there is none.
    """

    base: str
    npm_base: str
    site: str
    publisher: str
    name: str
    number: str
    is_private: bool = False
    is_extension: bool = False
    has_skills: bool = False
    servers: Sequence[Mapping[str, Any]] = field(default=())
    key: str = ""
    entry: str = ""
    archive: str = ""
    bundle: str = ""

    @property
    def full_name(self) -> str:
        """`@publisher/name`."""
        return f"@{self.publisher}/{self.name}"

    @property
    def marketplace(self) -> tuple[str, str, str]:
        """Address and name of the git marketplace that offers it, and what it is called there."""
        if self.key:
            return f"{self.base}/git/i/{self.key}.git", self.site, self.entry
        return f"{self.base}/git/{self.publisher}.git", self.publisher, self.name

    @property
    def promise(self) -> Promise:
        """That of the git marketplace."""
        return Promise.LIBRARY if self.key else Promise.SHARED


CLAUDE_NOTE = "Claude Code 2.1.275 or newer"
CODEX_NOTE = "Codex 0.169 or newer"
GEMINI_NOTE = "Gemini CLI 0.61 or newer"
SKILLS_NOTE = "skills 1.7 or newer, for some eighty agents"
OPENCODE_NOTE = "opencode 1.18 or newer"
NPM_NOTE = "npm 10 or newer"
CURSOR_NOTE = "Cursor, by the link that its documentation describes"
VSCODE_NOTE = "Visual Studio Code, by the link that its documentation describes"
DESKTOP_NOTE = "the MCPB tools 2.1 or newer"


def clients_of(offered: Offered) -> list[Client]:
    """Every client that can have the package, the most used first."""
    return list(_clients(offered))


def _clients(offered: Offered) -> Iterator[Client]:
    is_reachable = bool(offered.key) or not offered.is_private
    if is_reachable:
        yield claude(*offered.marketplace, offered.promise, archive=offered.archive)
        yield codex(*offered.marketplace, offered.promise)
    if offered.servers:
        yield cursor(offered.name, offered.servers[0])
        yield vscode(offered.name, offered.servers[0])
    if offered.bundle:
        yield desktop(offered.bundle)
    if not offered.is_private and (offered.is_extension or offered.has_skills):
        yield gemini(offered)
    if is_reachable and offered.has_skills:
        place = f"{offered.base}/s/{offered.key}" if offered.is_private else f"{offered.base}/{offered.full_name}"
        promise = Promise.LIBRARY if offered.is_private else Promise.SHARED
        yield skills(place, promise)
        yield opencode(place, promise)
    held = Promise.NPM if offered.key else Promise.NPM_SHARED
    yield npm(offered.npm_base, offered.full_name, offered.number, held)


def is_portable(server: Mapping[str, Any]) -> bool:
    """Whether the server runs without the package's own files, so that a link alone can bring it."""
    told = [str(server.get("command") or ""), *map(str, server.get("args") or ())]
    return bool(server.get("url")) or (bool(told[0]) and not any("${" in text or text.startswith(".") for text in told))


def claude(address: str, marketplace: str, plugin: str, promise: Promise, *, archive: str = "") -> Client:
    """The line that works the first time and every time after (it adds, refreshes, installs), and two other ways.

    Settings of a project offer it to everybody who works there; `archive` is loaded for one session.
    """
    line = (
        f"claude plugin marketplace add {address}"
        f" && claude plugin marketplace update {marketplace}"
        f" && claude plugin install {plugin}@{marketplace}"
    )
    told = {
        "extraKnownMarketplaces": {marketplace: {"source": {"source": "git", "url": address}, "autoUpdate": True}},
        "enabledPlugins": {f"{plugin}@{marketplace}": True},
    }
    ways = [Way("session", (f"claude --plugin-url {archive}",))] if archive else []
    ways.append(Way("settings", _text(told), file=".claude/settings.json"))
    return Client("claude", "Claude Code", (line,), CLAUDE_NOTE, promise, ways=tuple(ways))


def _text(told: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(json.dumps(told, indent=2).splitlines())


def codex(address: str, marketplace: str, plugin: str, promise: Promise) -> Client:
    """Likewise."""
    line = (
        f"codex plugin marketplace add {address}"
        f" && codex plugin marketplace upgrade {marketplace}"
        f" && codex plugin add {plugin}@{marketplace}"
    )
    return Client("codex", "Codex", (line,), CODEX_NOTE, promise)


def sets(address: str, marketplace: str, plugins: Sequence[str]) -> list[Client]:
    """The lines that add a marketplace, and then everything in it, to each client that reads one."""
    added = f"claude plugin marketplace add {address} && claude plugin marketplace update {marketplace}"
    codex_added = f"codex plugin marketplace add {address} && codex plugin marketplace upgrade {marketplace}"
    claude_lines = (added, *(f"claude plugin install {plugin}@{marketplace}" for plugin in plugins))
    codex_lines = (codex_added, *(f"codex plugin add {plugin}@{marketplace}" for plugin in plugins))
    return [
        Client("claude", "Claude Code", claude_lines, CLAUDE_NOTE, Promise.SHARED),
        Client("codex", "Codex", codex_lines, CODEX_NOTE, Promise.SHARED),
    ]


def gemini(offered: Offered) -> Client:
    """An extension as a whole, of everything else the skills."""
    address = f"{offered.base}/git/{offered.publisher}/{offered.name}.git"
    line = f"gemini extensions install {address} --consent --skip-settings"
    if not offered.is_extension:
        line = f"gemini skills install {address} --path skills --consent"
    return Client("gemini", "Gemini CLI", (line,), GEMINI_NOTE, Promise.SHARED)


def skills(place: str, promise: Promise) -> Client:
    """The skills of an address, for whichever agents this machine has."""
    return Client("skills", "skills", (f"npx skills add {place} --skill '*' -y",), SKILLS_NOTE, promise)


def opencode(place: str, promise: Promise) -> Client:
    """Text for opencode's configuration."""
    told = {"skills": {"urls": [f"{place}/.well-known/skills/"]}}
    return Client("opencode", "opencode", _text(told), OPENCODE_NOTE, promise, file="opencode.json")


def npm(base: str, full_name: str, number: str, promise: Promise) -> Client:
    """Point the publisher's scope to this registry, then install."""
    scope = full_name.split("/", 1)[0]
    lines = (f"npm config set {scope}:registry {base}/", f"npm install {full_name}@{number}")
    return Client("npm", "npm", lines, NPM_NOTE, promise)


def cursor(name: str, server: Mapping[str, Any]) -> Client:
    """A link that opens Cursor and asks before it writes."""
    config = base64.b64encode(json.dumps(_config(server, "")).encode()).decode()
    link = "cursor://anysphere.cursor-deeplink/mcp/install?" + urlencode({"name": name, "config": config})
    return Client("cursor", "Cursor", (), CURSOR_NOTE, Promise.COPY, link=link)


def vscode(name: str, server: Mapping[str, Any]) -> Client:
    """A link that opens Visual Studio Code, which asks for the values of variables and headers."""
    told = {"name": name, **_config(server, "${input:%s}")}
    asked = [*(server.get("env") or ()), *(server.get("headers") or ())]
    if asked:
        told["inputs"] = [
            {"type": "promptString", "id": variable, "description": variable, "password": True} for variable in asked
        ]
    return Client(
        "vscode",
        "VS Code",
        (),
        VSCODE_NOTE,
        Promise.COPY,
        link="vscode:mcp/install?" + quote(json.dumps(told), safe=""),
    )


def desktop(bundle: str) -> Client:
    """A file that Claude Desktop opens and asks about before it installs."""
    return Client("desktop", "Claude Desktop", (), DESKTOP_NOTE, Promise.COPY, link=bundle, download=True)


def _config(server: Mapping[str, Any], value: str) -> dict[str, Any]:
    """The server as clients configure it; `value` stands for what only the user knows, `%s` in it for its name."""

    def filled(names: Sequence[str]) -> dict[str, str]:
        return {name: value.replace("%s", name) for name in names}

    if server.get("url"):
        told: dict[str, Any] = {"type": server.get("transport") or "http", "url": server["url"]}
        return told | ({"headers": filled(server["headers"])} if server.get("headers") else {})
    told = {"command": server.get("command") or "", "args": list(server.get("args") or ())}
    return told | ({"env": filled(server["env"])} if server.get("env") else {})
