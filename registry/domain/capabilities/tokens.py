"""What a package costs of a model's context: an estimate that anybody can repeat.

A word counts one token for each seven letters begun, a number one for each three digits, every other visible sign one,
every ideograph one. It counts no client's own framing beyond FRAME tokens for each listed component.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from registry.domain.frontmatter import read_frontmatter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content
    from registry.domain.manifest import Components, Manifest

PIECE = re.compile(r"[a-z]+|[A-Z][a-z]*|[0-9]+|[^\W\d_A-Za-z]+|[^\s\w]|_")
LETTERS_EACH = 7
DIGITS_EACH = 3
WIDE = 0x2E80
FRAME = 6


@dataclass(frozen=True, slots=True)
class Part:
    """One component: tokens in every conversation, and those added when it is used."""

    kind: str
    name: str
    path: str
    always: int
    on_demand: int

    def as_json(self) -> dict[str, Any]:
        """JSON-able."""
        return {
            "kind": self.kind,
            "name": self.name,
            "path": self.path,
            "always": self.always,
            "on_demand": self.on_demand,
        }


def estimate(text: str) -> int:
    """About how many tokens a model reads for `text`."""
    return sum(map(_piece, PIECE.findall(text)))


def _piece(piece: str) -> int:
    if ord(piece[0]) >= WIDE:
        return len(piece)
    if piece[0].isdecimal():
        return -(-len(piece) // DIGITS_EACH)
    return -(-len(piece) // LETTERS_EACH)


def parts_of(manifest: Manifest, content: Content) -> tuple[Part, ...]:
    """The cost of each component, in the order in which they stand in the manifest."""
    return tuple(_parts(manifest.components, manifest.raw, content))


def _parts(components: Components, raw: dict[str, Any], content: Content) -> Iterator[Part]:
    for kind, items in (("skill", components.skills), ("agent", components.agents), ("command", components.commands)):
        for item in items:
            always = FRAME + estimate(item.name) + estimate(item.description)
            body = read_frontmatter(content.text(item.path), item.path).body if item.path in content else ""
            yield Part(kind, item.name, item.path, always, estimate(body))
    for part in components.others:
        if part.type == "output-styles" and part.path in content:
            yield Part("output-style", part.name, part.path, estimate(content.text(part.path)), 0)
    context = raw.get("contextFileName")
    for path in context if isinstance(context, list) else [context or "GEMINI.md"]:
        if ("contextFileName" in raw or "excludeTools" in raw) and isinstance(path, str) and path in content:
            yield Part("context-file", path, path, estimate(content.text(path)), 0)
    tools = raw.get("tools")
    for tool in tools if isinstance(tools, list) else []:
        if isinstance(tool, dict) and isinstance(tool.get("name"), str):
            text = f"{tool['name']} {tool.get('description') or ''}"
            yield Part("tool", tool["name"][:100], "manifest.json", FRAME + estimate(text), 0)
