from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.frontmatter import read_frontmatter, split_words
from tests.registry.packages import entry

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\nname: [*c,*c,*c]\n"


def head(text: str) -> dict[str, object]:
    return read_frontmatter(f"---\n{text}\n---\nbody\n", "SKILL.md").fields


def codes(text: str) -> list[tuple[str, int | None]]:
    found = read_frontmatter(f"---\n{text}\n---\nbody\n", "SKILL.md").findings
    return [(finding.code, finding.line) for finding in found]


def test_head_and_body_are_told_apart() -> None:
    read = read_frontmatter("---\nname: a\n---\n\nbody\n", "x.md")
    assert (read.fields, read.body, read.is_present, read.lines) == ({"name": "a"}, "\nbody\n", True, {"name": 2})


@pytest.mark.parametrize("text", ["", "body", "\n---\nname: a\n---\n", "--- name\n"])
def test_file_without_a_head_is_all_body(text: str) -> None:
    read = read_frontmatter(text, "x.md")
    assert (read.is_present, read.body, read.findings) == (False, text, ())


def test_head_that_never_ends_is_told() -> None:
    read = read_frontmatter("---\nname: a\n", "x.md")
    assert (read.is_present, [(f.code, f.line) for f in read.findings]) == (False, [("MP2003", 1)])


def test_windows_line_ends_are_read() -> None:
    assert read_frontmatter("---\r\nname: a\r\n---\r\nbody", "x.md").fields == {"name": "a"}


def test_colons_without_quotes_are_read_as_claude_reads_them() -> None:
    text = "name: a\ndescription: Use it when: there is time. Examples: <example>user: hi</example>\ntools: Read"
    assert head(text) == {
        "name": "a",
        "description": "Use it when: there is time. Examples: <example>user: hi</example>",
        "tools": "Read",
    }
    assert codes(text) == [("MP2002", 3)]


def test_broken_head_keeps_its_lists_and_long_lines() -> None:
    text = 'name: "a"\ndescription: one: two\n  three\ntools:\n  - Read\n  - "Bash(x:*)"\nbroken: ['
    assert head(text) == {
        "name": "a",
        "description": "one: two three",
        "tools": ["Read", "Bash(x:*)"],
        "broken": "[",
    }


def test_values_stay_as_they_are_written() -> None:
    assert head("version: 1.10\ndate: 2024-01-01\nyes: no\nnumber: 012\nreal: 1e3") == {
        "version": "1.10",
        "date": "2024-01-01",
        "yes": "no",
        "number": "012",
        "real": "1e3",
    }


def test_true_false_and_nothing_are_themselves() -> None:
    assert head("a: true\nb: False\nc:\nd: null") == {"a": True, "b": False, "c": None, "d": None}


@pytest.mark.parametrize(
    "text",
    [
        LAUGHS,
        "name: !!python/object/apply:os.system [ls]",
        "name: !!timestamp soon",
        "name: !!int ''",
        "name: !!bool maybe",
        "? [a]\n: b",
        "- a\n- b",
        "just words",
        f"name: {'[' * 5000}",
        "name: " + "{a: " * 100,
        "name: \x00",
        "name: a\n\tb: c",
        "name: *nobody",
    ],
)
def test_head_that_is_no_plain_map_is_told_and_never_raises(text: str) -> None:
    assert [code for code, _ in codes(text)] == ["MP2002"]


def test_nul_and_lone_surrogates_become_visible() -> None:
    read = read_frontmatter('---\nname: "a\\0b\\ud800c"\n---\n', "x.md")
    assert read.text("name") == "a\N{REPLACEMENT CHARACTER}b\N{REPLACEMENT CHARACTER}c"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Read, Write", ("Read", "Write")),
        ("Read Write", ("Read", "Write")),
        ("Bash(git log:*), Read", ("Bash(git log:*)", "Read")),
        ("Bash(git log:*) Read", ("Bash(git log:*)", "Read")),
        ("Bash(a,b) Read", ("Bash(a,b)", "Read")),
        (["Read", " Write ", "", {"no": 1}], ("Read", "Write")),
        ("", ()),
        (True, ()),
        (None, ()),
    ],
)
def test_lists_and_texts_are_words(value: object, words: tuple[str, ...]) -> None:
    assert split_words(value) == words


@given(st.text(max_size=400))
def test_any_head_gives_values_that_json_and_the_database_can_hold(text: str) -> None:
    read = read_frontmatter(f"---\n{text}\n---\n", "x.md")
    written = json.dumps(read.fields, ensure_ascii=False, allow_nan=False)
    assert "\\u0000" not in written
    written.encode()


@given(st.text(max_size=300))
def test_any_skill_is_a_skill(text: str) -> None:
    package = entry({"SKILL.md": text.encode("utf-8", "surrogatepass")})
    assert package.kind == "skill"
    json.dumps(package.manifest.as_json(), ensure_ascii=False, allow_nan=False).encode()
