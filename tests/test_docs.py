"""The documents tell the truth: codes, settings, commands, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

from marketplace.core.codes import CODES
from marketplace.management.commands.codes_docs import PATH, RANGES, page

ROOT = Path(__file__).resolve().parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LAUNCHERS = {
    "script/server": "tests/house/test_launcher.py",
    "script/manage": "tests/house/test_launcher.py",
    "script/test": ".ci/run",
    "script/check": ".ci/run",
    "script/bench": "tests/house/test_bench.py",
    "script/fuzz": "tests/house/test_fuzz.py",
}
OF_DJANGO = {"help"}


def text(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def settings_read() -> set[str]:
    """The variables of config/env.py, and those of the image's entry point."""
    found = set(re.findall(r'_(?:text|flag|list)\("([A-Z_]+)"', text("config/env.py")))
    return found | set(re.findall(r"\$\{([A-Z_]+):-", text("deploy/entrypoint")))


def settings_documented() -> set[str]:
    """The variables in the first column of the table of settings."""
    table = text("docs/operations.md").split("### Settings")[1].split("\n### ")[0]
    cells = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return {name for cell in cells for name in re.findall(r"`([A-Z_]+)`", cell)}


def test_page_of_codes_is_what_the_table_says() -> None:
    assert text(PATH) == page(), "run script/manage codes_docs"


def test_every_code_is_in_a_range_of_the_page() -> None:
    assert {code[:3] for code in CODES} <= set(RANGES)


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    assert settings_documented() == settings_read()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_of_a_page_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_commands_of_a_page_exist_and_are_run_somewhere(path: Path) -> None:
    said = path.read_text(encoding="utf-8")
    for script in set(re.findall(r"\bscript/[a-z]+", said)):
        assert (ROOT / script).is_file()
        assert Path(script).name in text(LAUNCHERS[script])
    commands = set(re.findall(r"(?:script/manage|`manage) ([a-z]+_?[a-z_]*)\b", said.replace("manage help`", "")))
    for name in commands - OF_DJANGO:
        assert name in get_commands()
        tests = [test for test in (ROOT / "tests").rglob("*.py") if name in test.read_text(encoding="utf-8")]
        assert tests, f"no test runs {name}"
