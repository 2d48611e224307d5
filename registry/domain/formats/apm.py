"""Packages of microsoft/apm: `apm.yml`, and primitives in `.apm/`, laid out as the plugin that clients know."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from registry.domain.content import Content
from registry.domain.formats.plugins import plugin_of
from registry.domain.frontmatter import read_frontmatter

if TYPE_CHECKING:
    from registry.domain.formats.entry import Entry

PATH = "apm.yml"
FORM = "apm"
TEXT_MOST = 64 * 1024
FACTS = ("name", "version", "description", "license", "homepage", "repository", "keywords", "tags")
PLACES = {
    ".apm/skills/": ("skills/", "", ""),
    ".apm/agents/": ("agents/", ".agent.md", ".md"),
    ".apm/chatmodes/": ("agents/", ".chatmode.md", ".md"),
    ".apm/prompts/": ("commands/", ".prompt.md", ".md"),
    ".apm/hooks/": ("hooks/", "", ""),
}
"""Where each kind of primitive stands in a plugin, and how its files are called there."""


def read_apm(content: Content) -> Entry:
    """The plugin that the package is; files that stand elsewhere already are not replaced."""
    text = content.text(PATH, most=TEXT_MOST)
    fields = read_frontmatter(f"---\n{text}\n---\n", PATH).fields
    raw: dict[str, Any] = {key: fields[key] for key in FACTS if key in fields}
    author = fields.get("author")
    if isinstance(author, (str, dict)):
        raw["author"] = {"name": author} if isinstance(author, str) else author
    return plugin_of(laid_out(content), raw, form=FORM, path=PATH)


def laid_out(content: Content) -> Content:
    """The same files, with those of `.apm/` where clients look for them."""
    files = dict(content.items())
    for path in content:
        place = next((place for place in PLACES if path.startswith(place)), None)
        if place is None:
            continue
        folder, before, after = PLACES[place]
        below = path.removeprefix(place)
        if before and not below.endswith(before):
            continue
        target = posixpath.join(folder, below.removesuffix(before) + after if before else below)
        if target not in files:
            files[target] = files.pop(path)
    return Content(files)
