from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.domain.names import (
    FullName,
    NameRefused,
    check_package_name,
    check_publisher_name,
    is_skill_name,
    normalised,
    slugify,
)


def refusal(check: object, name: str) -> str:
    with pytest.raises(NameRefused) as refused:
        check(name)  # type: ignore[operator]  # one of the two checks
    assert len(str(refused.value.params["name"])) <= 64
    return refused.value.code


@pytest.mark.parametrize("name", ["a", "acme", "a-b", "0x", "a1-b2", "x" * 39])
def test_publisher_names(name: str) -> None:
    check_publisher_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "A",
        "a_b",
        "a.b",
        "-a",
        "a-",
        "a--b",
        "x" * 40,
        "é",
        "\N{FULLWIDTH LATIN SMALL LETTER A}cme",
        "a b",
        "a\n",
        "@a",
    ],
)
def test_other_publisher_names_are_refused(name: str) -> None:
    assert refusal(check_publisher_name, name) == "MP1501"


@pytest.mark.parametrize(
    "name",
    ["api", "search", "npm", "git", "claude", "claude-plugins-official", "anthropic", "claude-code-plugins", "inline",
     "anthropic-marketplace", "official-claude-kit", "my-claude-marketplace", "skills-dir", "v0", "health"],
)  # fmt: skip
def test_names_of_the_site_and_of_others_are_reserved(name: str) -> None:
    assert refusal(check_publisher_name, name) == "MP1502"


@pytest.mark.parametrize("name", ["a", "sql-reviewer", "a.b_c-d", "0", "claude-helper", "x" * 64])
def test_package_names(name: str) -> None:
    check_package_name(name)


@pytest.mark.parametrize("name", ["", ".a", "_a", "-a", "A", "a/b", "a b", "a\n", "x" * 65, "é", "a@b", "a\u200b"])
def test_other_package_names_are_refused(name: str) -> None:
    assert refusal(check_package_name, name) == "MP1504"


@pytest.mark.parametrize(("one", "other"), [("sql-reviewer", "sql_reviewer"), ("a.b", "ab"), ("a--b", "A-B")])
def test_names_that_read_alike_are_one(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)


def test_full_name_is_read_and_written() -> None:
    name = FullName.parse("@acme/sql-reviewer")
    assert (name.publisher, name.package, str(name)) == ("acme", "sql-reviewer", "@acme/sql-reviewer")


@pytest.mark.parametrize("text", ["", "acme/x", "@acme", "@/x", "@a/b/c", "@a/ b", "@a@b/c"])
def test_other_full_names_are_refused(text: str) -> None:
    assert refusal(FullName.parse, text) == "MP1503"


@given(st.text(max_size=80))
def test_slug_of_any_text_is_a_name_or_nothing(text: str) -> None:
    slug = slugify(text)
    if slug:
        check_package_name(slug) if slug not in {"inline", "builtin"} else None
        assert is_skill_name(slug)
    assert slugify(slug) == slug
