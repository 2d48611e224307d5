"""README files become safe HTML once, when a version is published."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import TextLexer, get_lexer_by_name, get_lexer_for_filename
from pygments.util import ClassNotFound

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
    "div": {"class"},
    "code": {"class"},
    "ol": {"start"},
    "td": {"align"},
    "th": {"align"},
}
DEEPEST = 6


def _code(source: str, language: str, _attributes: str) -> str:
    try:
        lexer = get_lexer_by_name(language) if language else TextLexer()
    except ClassNotFound:
        lexer = TextLexer()
    return f'<pre class="code"><code>{highlight(source, lexer, HtmlFormatter(nowrap=True))}</code></pre>'


def _headings_down(tokens: list[Any]) -> None:
    """The page has its own h1: a README's headings go one level down."""
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(int(token.tag[1]) + 1, DEEPEST)}"


def _attribute(files: str) -> Any:
    """The filter for addresses: own images from the artifact, foreign images go (their alternative text stays)."""

    def keep(tag: str, attribute: str, value: str) -> str | None:
        if tag == "img" and attribute == "src":
            local = _local(value)
            return f"{files}{local}" if local else None
        if tag == "a" and attribute == "href" and not urlsplit(value).scheme and not value.startswith("#"):
            local = _local(value)
            return f"{files}{local}" if local else None
        return value

    return keep


def _local(address: str) -> str:
    """The path inside the package that a relative address names; empty for anything else."""
    parts = urlsplit(address)
    path = parts.path.removeprefix("./")
    if parts.scheme or parts.netloc or path.startswith("/") or ".." in path.split("/"):
        return ""
    return path


def readme_render(text: str, *, files: str) -> str:
    """Safe HTML of Markdown `text`; relative addresses lead below `files`. Never raises for any text."""
    markdown = MarkdownIt("commonmark", {"html": True, "linkify": False, "highlight": _code}).enable(
        ["table", "strikethrough"]
    )
    tokens = markdown.parse(text[:MOST])
    _headings_down(tokens)
    html = markdown.renderer.render(tokens, markdown.options, {})
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_attribute(files),
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener noreferrer ugc",
    )


def source_render(path: str, text: str) -> str:
    """Highlighted HTML of a source file: one `<span id="L12">` a line."""
    try:
        lexer = get_lexer_for_filename(path, stripnl=False)
    except ClassNotFound:
        lexer = TextLexer(stripnl=False)
    formatter = HtmlFormatter(nowrap=False, linespans="L", cssclass="code", lineanchors="", anchorlinenos=False)
    return highlight(text[:MOST], lexer, formatter)
