"""The parts of a package's files that are code: scripts whole, and the fenced and inline commands of Markdown."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from registry.domain.content import Content, File

SCRIPTS = (
    ".sh", ".py", ".js", ".mjs", ".cjs", ".ts", ".mts", ".rb", ".pl", ".ps1", ".bat", ".cmd", ".bash", ".zsh", ".fish",
    ".php", ".go", ".lua", ".vbs", ".applescript", ".scpt",
)  # fmt: skip
TEXT_MOST = 1_000_000
LINE_MOST = 2_000
LINES_MOST = 20_000
FENCE = re.compile(r"^\s{0,6}(```|~~~)\s*([A-Za-z0-9_+-]*)")
CODE_FENCES = frozenset(
    """bash sh shell zsh console terminal fish python py python3 javascript js typescript ts node ruby powershell ps1
    bat""".split()
)
INLINE = re.compile(r"`([^`\n]{4,400})`")
COMMENT = re.compile(r"^\s*(?:#(?!!)|//|\*|/\*|;|--\s)")
COMMAND = re.compile(
    r"^(?:\$\s+)?(?:sudo\s+)?(?:curl|wget|npx|uvx|bunx|pnpm dlx|pipx run|pip3? install|deno run|iwr|irm)\b"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of code: its number from 1, its text, and whether it stands in a script."""

    number: int
    text: str
    is_script: bool


def is_script(path: str, file: File) -> bool:
    """Whether the file is a program in text form."""
    if path.endswith(SCRIPTS):
        return True
    return file.data.startswith(b"#!") or (file.executable and posixpath.splitext(path)[1] == "")


def code_lines(content: Content, path: str) -> Iterator[Line]:
    """The lines of code in the file; none for binary, JSON and plain text files."""
    file = content[path]
    if len(file.data) > TEXT_MOST or b"\0" in file.data[:4096]:
        return
    if is_script(path, file):
        for number, text in enumerate(content.text(path).split("\n")[:LINES_MOST], 1):
            if not COMMENT.match(text):
                yield Line(number, text[:LINE_MOST], is_script=True)
    elif path.endswith((".md", ".mdx")):
        yield from _fenced(content.text(path))


def _fenced(text: str) -> Iterator[Line]:
    fence, language = "", ""
    for number, line in enumerate(text.split("\n")[:LINES_MOST], 1):
        mark = FENCE.match(line)
        if mark and (not fence or mark[1] == fence):
            fence, language = ("", "") if fence else (mark[1], mark[2].lower())
        elif fence:
            if (language in CODE_FENCES or not language) and not COMMENT.match(line):
                yield Line(number, line[:LINE_MOST], is_script=False)
        else:
            for inline in INLINE.findall(line[:LINE_MOST]):
                if COMMAND.match(inline):
                    yield Line(number, inline, is_script=False)
