"""YAML frontmatter of Markdown files, read as leniently as agent clients read it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import yaml

from registry.domain.cleaning import clean
from registry.domain.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

FENCE = re.compile(r"---[ \t]*(?:\r?\n|$)")
KEY = re.compile(r"(?P<key>[A-Za-z_][\w-]*)[ \t]*:(?:[ \t]+(?P<value>.*))?$")
ITEM = re.compile(r"[ \t]*-[ \t]+(?P<value>.*)$")
MOST = 64 * 1024
DEEPEST = 20
DAMAGE = (
    yaml.YAMLError,
    ValueError,
    RecursionError,
    OverflowError,
    LookupError,
    AttributeError,
    TypeError,
)


class _Loader(yaml.SafeLoader):
    """Plain data, no aliases (they multiply), and everything that is not a list or map as it is written."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases are not read")
        return super().compose_node(parent, index)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag == "tag:yaml.org,2002:null"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")
)


@dataclass(frozen=True, slots=True)
class Frontmatter:
    """The fields of a Markdown file's head, its body, and what was wrong with the head."""

    fields: dict[str, Any]
    body: str
    is_present: bool
    findings: tuple[Finding, ...] = ()
    lines: dict[str, int] = field(default_factory=dict)

    def text(self, key: str) -> str:
        """A field as text; empty when it is missing or not a plain value."""
        value = self.fields.get(key)
        if isinstance(value, bool):
            return str(value).lower()
        return str(value).strip() if isinstance(value, (str, int, float)) else ""

    def words(self, key: str) -> tuple[str, ...] | None:
        """A field that is a list, or a text with commas or spaces between its words; None when it is missing."""
        if key not in self.fields or self.fields[key] is None:
            return None
        return split_words(self.fields[key])


def read_frontmatter(text: str, path: str) -> Frontmatter:
    """Split and parse; never raises. A head that is not YAML is read line by line, with a warning (MP2002)."""
    begin = FENCE.match(text)
    if begin is None:
        return Frontmatter({}, text, is_present=False)
    rest = text[begin.end() :]
    end = re.search(r"^---[ \t]*(?:\r?\n|$)", rest, re.MULTILINE)
    if end is None:
        return Frontmatter({}, text, is_present=False, findings=(Finding("MP2003", "warning", path, 1),))
    head, body = rest[: end.start()][:MOST], rest[end.end() :]
    lines = {match["key"]: at + 2 for at, line in enumerate(head.splitlines()) if (match := KEY.match(line))}
    try:
        fields = yaml.load(head, _Loader)  # noqa: S506  (a safe loader, made stricter above)
    except DAMAGE as error:
        mark = getattr(error, "problem_mark", None)
        found = Finding("MP2002", "warning", path, mark.line + 2 if mark else 1)
        return Frontmatter(clean(_line_by_line(head)), body, is_present=True, findings=(found,), lines=lines)
    if fields is None:
        return Frontmatter({}, body, is_present=True, lines=lines)
    if not isinstance(fields, dict) or _deep(fields) > DEEPEST:
        return Frontmatter({}, body, is_present=True, findings=(Finding("MP2002", "warning", path, 1),), lines=lines)
    return Frontmatter(clean(fields), body, is_present=True, lines=lines)


def split_words(value: Any) -> tuple[str, ...]:
    """A list, or words between commas or spaces; brackets keep their inside together: `Bash(git log:*), Read`."""
    if isinstance(value, list):
        return tuple(str(item).strip() for item in value if isinstance(item, (str, int, float)) and str(item).strip())
    if not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return ()
    text = str(value)
    breaks = list(_breaks(text))
    commas = [at for at in breaks if text[at] == ","]
    ends = [*(commas or breaks), len(text)]
    starts = [0, *(at + 1 for at in ends)]
    words = (text[start:end].strip() for start, end in zip(starts, ends, strict=False))
    return tuple(word for word in words if word)


def _breaks(text: str) -> Iterator[int]:
    """Where commas and spaces stand outside of all brackets."""
    depth = 0
    for at, letter in enumerate(text):
        depth += (letter in "([{") - (letter in ")]}" and depth > 0)
        if depth == 0 and (letter == "," or letter.isspace()):
            yield at


def _line_by_line(head: str) -> dict[str, Any]:
    """`key: rest of the line`, indented lines joined to the value before, `- item` lines gathered to a list."""
    fields: dict[str, Any] = {}
    key = ""
    for line in head.splitlines():
        match = KEY.match(line)
        item = ITEM.match(line)
        if match is not None:
            key = match["key"]
            value = (match["value"] or "").strip()
            fields[key] = "" if value in {"|", ">", "|-", ">-"} else _unquoted(value)
        elif key and item is not None and not isinstance(fields[key], str):
            fields[key].append(_unquoted(item["value"].strip()))
        elif key and item is not None and not fields[key]:
            fields[key] = [_unquoted(item["value"].strip())]
        elif key and line.strip() and isinstance(fields[key], str):
            fields[key] = f"{fields[key]} {line.strip()}".strip()
    return fields


def _unquoted(value: str) -> str:
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return value[1:-1] if quoted else value


def _deep(value: Any, level: int = 0) -> int:
    if level > DEEPEST:
        return level
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return max((_deep(item, level + 1) for item in inside), default=level)
