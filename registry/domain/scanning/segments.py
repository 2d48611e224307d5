"""A file as lines that say whether they are code or prose, with what is encoded in them decoded beside them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from registry.domain.capabilities.lines import FENCE, is_script
from registry.domain.scanning.decoding import decoded_texts, joined_strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from registry.domain.content import Content

TEXT_MOST = 1_500_000
LINE_MOST = 1_500
LINES_MOST = 30_000
DECODED_MOST = 60
DATA = (".json", ".yaml", ".yml", ".toml", ".ini", ".cfg", ".env", ".plist", ".xml", ".lock", ".csv", ".svg", ".html")
INERT = (".xsd", ".dtd", ".xml", ".csv", ".tsv", ".svg", ".css", ".lock", ".rng", ".po", ".pot", ".ipynb")
LOCKS = ("package-lock.json", "yarn.lock", "uv.lock", "poetry.lock", "pnpm-lock.yaml", "Cargo.lock", ".min.js", ".map")
SPOKEN = (".py", ".js", ".ts", ".mjs", ".cjs", ".json")
WORDS = 3
LONG_STRING = re.compile(
    r'"{3}(.{0,8000}?)"{3}|(?<!import )(?<!from )"(?=[^"\n]{0,60} [^"\n]{0,60} [^"\n]{0,60} )([^"\n]{20,2000})"',
    re.DOTALL,
)
TRIPLE = re.compile(r"\"{3}.{0,60000}?\"{3}|'{3}.{0,60000}?'{3}", re.DOTALL)
BREAK = re.compile(r"[#|>`~]|[-*+] |\d{1,3}[.)] |:param|@param|Args:|Returns:|[\w-]{1,30}:(?:\s|$)")
PARAGRAPH_LINES = 8
SENTENCE = re.compile(r"(?:\b[A-Za-z][a-z'-]*[,;:]? ){7}")
COMMENT = re.compile(r"<!--(.{0,4000}?)-->", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Segment:
    """One line, or one decoded or joined text.

    `is_hidden`: readers do not see it; `is_told`: words in a program's strings; `is_joined`: a broken sentence, whole.
    """

    number: int
    text: str
    is_code: bool
    is_hidden: bool = False
    is_told: bool = False
    is_joined: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's segments; `is_script` for programs, else a document. Inert data has none: nothing reads it as words."""

    path: str
    text: str
    segments: tuple[Segment, ...]
    is_script: bool


def sheets(content: Content, *, segmented: bool = True) -> Iterator[Sheet]:
    """Every text file, in path order; without segments when only its text is looked at."""
    for path, file in content.items():
        if len(file.data) > TEXT_MOST or b"\0" in file.data[:4096] or path.endswith(LOCKS):
            continue
        text = content.text(path)
        program = is_script(path, file)
        segments = () if path.endswith(INERT) or not segmented else tuple(_segments(text, path, is_program=program))
        yield Sheet(path, text, segments, program)


def _segments(text: str, path: str, *, is_program: bool) -> Iterator[Segment]:
    is_code = is_program or path.endswith(DATA)
    decoded = 0
    quoted = _quoted_lines(text) if path.endswith(".py") else frozenset()
    for number, line, in_code in _lines(text, is_code=is_code):
        told = number in quoted and SENTENCE.search(line) is not None
        for start in range(0, max(min(len(line), LINE_MOST * 20), 1), LINE_MOST):
            yield Segment(number, line[start : start + LINE_MOST + 200], in_code, is_told=told)
        if decoded < DECODED_MOST and not path.endswith(DATA):
            for found in decoded_texts(line):
                decoded += 1
                yield Segment(number, found, is_code=True, is_hidden=True)
    for number, found in joined_strings(text):
        yield Segment(number, found, is_code=True, is_hidden=True)
    if not is_code:
        yield from _paragraphs((number, line) for number, line, in_code in _lines(text, is_code=False) if not in_code)
        yield from _comments(text)
    elif path.endswith(SPOKEN):
        yield from _said(text)


def _quoted_lines(text: str) -> frozenset[int]:
    """The numbers of the lines that stand inside strings of three quotes."""
    found: set[int] = set()
    for match in TRIPLE.finditer(text):
        first = text.count("\n", 0, match.start()) + 1
        found.update(range(first, first + match.group().count("\n") + 1))
    return frozenset(found)


def _said(text: str) -> Iterator[Segment]:
    """What a program says in its long strings: descriptions of tools are read by the agent as prose."""
    for match in LONG_STRING.finditer(text):
        first = text.count("\n", 0, match.start()) + 1
        said = list(enumerate((match[1] or match[2] or "").split("\n"), first))
        for number, line in said:
            if line.count(" ") >= WORDS:
                yield Segment(number, line[:LINE_MOST], is_code=False)
        yield from _paragraphs(said)


def _lines(text: str, *, is_code: bool) -> Iterator[tuple[int, str, bool]]:
    """Number and text of each line but fences, and whether it is code."""
    fence = ""
    for number, line in enumerate(text.split("\n")[:LINES_MOST], 1):
        mark = None if is_code else FENCE.match(line)
        if mark and (not fence or mark[1] == fence):
            fence = "" if fence else mark[1]
        else:
            yield number, line, is_code or bool(fence)


def _paragraphs(lines: Iterable[tuple[int, str]]) -> Iterator[Segment]:
    """Sentences that are broken over lines, as one: what is said there is read as one."""
    first, parts = 0, list[str]()
    for number, line in (*lines, (0, "")):
        bare = line.strip()
        if bare and not BREAK.match(bare) and len(parts) < PARAGRAPH_LINES:
            first, parts = first if parts else number, [*parts, bare]
            continue
        if len(parts) > 1:
            yield Segment(first, " ".join(parts)[:LINE_MOST], is_code=False, is_joined=True)
        first, parts = (number, [bare]) if bare and not BREAK.match(bare) else (0, [])


def _comments(text: str) -> Iterator[Segment]:
    for match in COMMENT.finditer(text):
        first = text.count("\n", 0, match.start()) + 1
        for offset, line in enumerate(match[1].split("\n")):
            if line.strip():
                yield Segment(first + offset, line[:LINE_MOST], is_code=False, is_hidden=True)
