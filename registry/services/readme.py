"""README files become safe HTML once, when a version is published."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

import nh3
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

from registry.domain.frontmatter import read_frontmatter

if TYPE_CHECKING:
    from markdown_it.token import Token

    from registry.domain.content import Content
    from registry.domain.manifest import Manifest

MOST = 400_000
TAGS = {
    "a", "abbr", "b", "blockquote", "br", "code", "dd", "del", "details", "div", "dl", "dt", "em", "h2", "h3", "h4",
    "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p", "pre", "q", "s", "samp", "span", "strong", "sub", "summary",
    "sup", "table", "tbody", "td", "th", "thead", "tr", "ul", "var",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height"},
    "span": {"class"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
    **{f"h{level}": {"id"} for level in range(2, 7)},
}
DEEPEST = 6
PREFIX = "readme-"
HIGHLIGHT = re.compile(r"[a-z]{1,2}[0-9a-z]?")
REL = "nofollow noopener noreferrer ugc"
LINKS_AND_IMAGES = re.compile(r'</?a(?:\s+[a-z]+="[^"]*")*\s*>|<img(?:\s+[a-z]+="[^"]*")*\s*/?>')
ATTRIBUTE = re.compile(r'([a-z]+)="([^"]*)"')


def _code(source: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language) if language else TextLexer()
    except ClassNotFound:
        lexer = TextLexer()
    return f'<pre class="code"><code>{highlight(source, lexer, HtmlFormatter(nowrap=True))}</code></pre>'


def _headings_down(tokens: list[Token]) -> None:
    """The page has its own h1: a README's headings go one level down, and are where its own links lead to."""
    seen: dict[str, int] = {}
    for at, token in enumerate(tokens):
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, DEEPEST)}"
        if token.type == "heading_open":
            token.attrSet("id", _anchor(tokens[at + 1].content, seen))


def _anchor(text: str, seen: dict[str, int]) -> str:
    """The place of a heading, counted when it comes again."""
    plain = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")[:80]
    count = seen[plain] = seen.get(plain, -1) + 1
    return f"{PREFIX}{plain}-{count}" if count else f"{PREFIX}{plain}"


def _attribute(files: str) -> Any:
    """The filter for addresses: own images and links lead into the package, places of the README stay on the page."""

    def keep(_tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return value if value.startswith(PREFIX) else None
        if attribute == "class":
            return value if HIGHLIGHT.fullmatch(value) else None
        if attribute == "href" and value.startswith("#"):
            return f"#{PREFIX}{value[1:]}"
        if attribute in {"src", "href"} and not _is_foreign(value):
            local = _local(value)
            return f"{files}{quote(local)}" if local else None
        return value

    return keep


def _is_foreign(address: str) -> bool:
    return address.lower().startswith(("http://", "https://", "mailto:"))


def _local(address: str) -> str:
    """The path inside the package that a relative address names; empty for anything else."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    path = unquote(parts.path).removeprefix("./")
    if parts.scheme or parts.netloc or path.startswith("/") or ".." in path.split("/"):
        return ""
    return path


def _foreign_images(html: str) -> str:
    """Images of other hosts become links to them (nobody's reading is told there); inside a link, their text alone."""
    inside_link = False

    def replaced(match: re.Match[str]) -> str:
        nonlocal inside_link
        tag = match[0]
        if not tag.startswith("<img"):
            inside_link = tag != "</a>"
            return tag
        facts = dict(ATTRIBUTE.findall(tag))
        if "src" in facts and not _is_foreign(facts["src"]):
            return tag
        text = facts.get("alt") or facts.get("title") or ""
        if inside_link or "src" not in facts:
            return text
        return f'<a href="{facts["src"]}" rel="{REL}">{text or facts["src"]}</a>'

    return LINKS_AND_IMAGES.sub(replaced, html)


def readme_render(text: str, *, files: str) -> str:
    """Safe HTML of Markdown `text`; relative addresses lead below `files`. Never raises for any text."""
    markdown = MarkdownIt("commonmark", {"html": True, "linkify": False, "highlight": _code}).enable(
        ["table", "strikethrough"]
    )
    tokens = markdown.parse(text[:MOST])
    _headings_down(tokens)
    html = markdown.renderer.render(tokens, markdown.options, {})
    clean = nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute(files),
        url_schemes={"http", "https", "mailto"},
        link_rel=REL,
    )
    return _foreign_images(clean)


def main_document(content: Content, manifest: Manifest) -> str:
    """The README; without one, the text that a skill, an agent or a command consists of; else empty."""
    if manifest.readme_path:
        return content.text(manifest.readme_path, most=MOST)
    parts = {
        "skill": [skill.path for skill in manifest.components.skills],
        "agent": [agent.path for agent in manifest.components.agents],
        "command": [command.path for command in manifest.components.commands],
    }
    paths = [path for path in parts.get(manifest.kind, []) if path.endswith(".md") and path in content]
    return read_frontmatter(content.text(paths[0], most=MOST), paths[0]).body if len(paths) == 1 else ""


def source_render(path: str, text: str) -> str:
    """Highlighted HTML of a source file: one `<span id="L12">` a line."""
    try:
        lexer = get_lexer_for_filename(path, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    formatter = HtmlFormatter(nowrap=False, linespans="L", cssclass="code", lineanchors="", anchorlinenos=False)
    return highlight(text[:MOST], lexer, formatter)
