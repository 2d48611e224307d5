"""What a package says and holds, whatever format it came in."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from registry.domain.cleaning import clean

EXAMPLES = re.compile(r"(?:\bexamples?\s*:?\s*)?<example>|\bexamples?:\s*\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote it."""

    name: str = ""
    email: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Skill:
    """A SKILL.md: `allowed_tools` are approved beforehand when it is used."""

    name: str
    description: str
    path: str
    allowed_tools: tuple[str, ...] = ()
    model: str = ""
    has_inline_shell: bool = False
    files: int = 1


@dataclass(frozen=True, slots=True)
class Agent:
    """A subagent; `tools` None means every tool."""

    name: str
    description: str
    path: str
    tools: tuple[str, ...] | None = None
    model: str = ""
    permission_mode: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command."""

    name: str
    description: str
    path: str
    allowed_tools: tuple[str, ...] = ()
    has_inline_shell: bool = False


@dataclass(frozen=True, slots=True)
class Hook:
    """Something that runs by itself at an event."""

    event: str
    matcher: str
    type: str
    target: str
    path: str


@dataclass(frozen=True, slots=True)
class McpServer:
    """A server that is started (`command`) or called (`url`); names of variables and headers, never values."""

    name: str
    transport: str
    path: str
    command: str = ""
    args: tuple[str, ...] = ()
    env: tuple[str, ...] = ()
    url: str = ""
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Any other component: language servers, monitors, output styles, themes, programs, scripts."""

    type: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Components:
    """Everything in the package that a client would load."""

    skills: tuple[Skill, ...] = ()
    agents: tuple[Agent, ...] = ()
    commands: tuple[Command, ...] = ()
    hooks: tuple[Hook, ...] = ()
    mcp_servers: tuple[McpServer, ...] = ()
    others: tuple[Part, ...] = ()

    @property
    def count(self) -> int:
        """How many there are."""
        return sum(map(len, (self.skills, self.agents, self.commands, self.hooks, self.mcp_servers, self.others)))


@dataclass(frozen=True, slots=True)
class Manifest:
    """One package; empty text where nothing is said. `raw` is the client's own manifest, for channels to hand on."""

    kind: str
    format: str
    name: str
    version: str | None = None
    title: str = ""
    description: str = ""
    license: str = ""
    homepage: str = ""
    repository: str = ""
    author: Author = field(default_factory=Author)
    keywords: tuple[str, ...] = ()
    category: str = ""
    requires: tuple[dict[str, str], ...] = ()
    components: Components = field(default_factory=Components)
    readme_path: str = ""
    changelog_path: str = ""
    license_path: str = ""
    raw: dict[str, Any] = field(default_factory=dict)

    @property
    def summary(self) -> str:
        """The description's first lines, at most 300 characters; the examples that models want are left out."""
        text = " ".join(EXAMPLES.split(self.description.replace("\\n", "\n"), maxsplit=1)[0].split())
        text = text or " ".join(self.description.split())
        return text if len(text) <= 300 else f"{text[:299].rstrip()}…"  # noqa: PLR2004  (the promise above)

    def named(self, name: str) -> Manifest:
        """The same under another name."""
        return replace(self, name=name)

    def as_json(self) -> dict[str, Any]:
        """JSON-able, stable, with the summary."""
        plain: dict[str, Any] = clean(asdict(self))
        return plain | {"summary": self.summary}
