from __future__ import annotations

import io
from typing import Any

import pytest

from registry.domain.archives import read_archive
from registry.domain.formats import detect
from registry.domain.packing import pack_zip
from tests.registry.packages import (
    AGENT,
    BUNDLE,
    CARD,
    COMMAND,
    MANIFEST,
    MARKETPLACE,
    PLUGIN,
    SERVER,
    SKILL,
    entry,
    finding,
    found,
)

SHELF = {"name": "shelf", "owner": {"name": "Ann"}, "plugins": [{"name": "kit", "source": "./kit"}]}
NPM = {"name": "@acme/thing", "version": "3.0.0"}
LADDER: list[tuple[dict[str, Any], str, str]] = [
    ({MARKETPLACE: SHELF, f"kit/{MANIFEST}": PLUGIN}, "claude-marketplace", "plugin"),
    ({MANIFEST: PLUGIN}, "claude-plugin", "plugin"),
    ({".codex-plugin/plugin.json": PLUGIN}, "codex-plugin", "plugin"),
    ({".cursor-plugin/plugin.json": PLUGIN}, "cursor-plugin", "plugin"),
    ({"gemini-extension.json": {"name": "kit", "version": "1.0.0"}}, "gemini-extension", "plugin"),
    ({"manifest.json": BUNDLE}, "mcpb", "mcp_server"),
    ({"server.json": SERVER}, "mcp-server-json", "mcp_server"),
    ({"agent-card.json": CARD}, "a2a-card", "agent"),
    ({"SKILL.md": SKILL}, "agent-skill", "skill"),
    ({".mcp.json": {"mcpServers": {"clock": {"command": "clock"}}}}, "mcp-json", "mcp_server"),
    ({"agents/tester.md": AGENT}, "loose", "agent"),
    ({"commands/hello.md": COMMAND}, "loose", "command"),
    ({"package.json": NPM}, "none", ""),
    ({"AGENTS.md": "Be kind."}, "none", ""),
]


@pytest.mark.parametrize("step", range(len(LADDER)))
def test_format_is_found_alone_and_before_all_that_come_later(step: int) -> None:
    files, form, kind = LADDER[step]
    below = [later for later, its_form, _ in LADDER[step + 1 :] if its_form != form]
    for more in ({}, {path: value for later in below for path, value in later.items()}):
        detection = found({**more, **files})
        assert detection.format == form
        assert [one.kind for one in detection.entries] == ([kind] if kind else [])


@pytest.mark.parametrize("step", range(len(LADDER)))
def test_format_is_found_in_a_folder_that_wraps_everything(step: int) -> None:
    files, form, _ = LADDER[step]
    assert found({f"repo-1.0/{path}": value for path, value in files.items()}).format == form


@pytest.mark.parametrize(("files", "form", "kind"), LADDER[:12])
def test_what_was_found_is_found_again_in_its_own_content(files: dict[str, Any], form: str, kind: str) -> None:
    for split in (False, True):
        (first,) = found(files, split=split).entries
        (again,) = detect(read_archive(io.BytesIO(pack_zip(first.content)))).entries
        assert (again.kind, again.content.digest) == (first.kind, first.content.digest) == (kind, again.content.digest)
        assert again.manifest.components == first.manifest.components, form


def test_plain_npm_package_is_refused() -> None:
    assert finding({"package.json": NPM}, "MP2081").path == "package.json"


def test_instructions_alone_are_refused() -> None:
    assert finding({"AGENTS.md": "Be kind."}, "MP2082").path == "AGENTS.md"


def test_anything_else_is_refused() -> None:
    assert finding({"photo.jpg": b"\xff\xd8"}, "MP2080").severity == "error"


def test_package_json_names_and_numbers_what_has_neither() -> None:
    package = entry({"package.json": NPM, "SKILL.md": "No head at all."})
    assert (package.name, package.version) == ("thing", "3.0.0")


def test_own_name_and_number_win_over_package_json() -> None:
    package = entry({"package.json": NPM, MANIFEST: PLUGIN})
    assert (package.name, package.version) == ("kit", "1.2.0")


def test_lone_markdown_file_with_name_and_description_is_an_agent() -> None:
    package = entry({"tester.md": AGENT})
    assert (package.kind, package.name, list(package.content)) == ("agent", "tester", ["agents/tester.md"])


def test_command_with_a_name_in_its_head_stays_a_command() -> None:
    package = entry({"commands/tester.md": AGENT})
    assert (package.kind, list(package.content)) == ("command", ["commands/tester.md"])


def test_several_loose_things_are_one_plugin_when_uploaded() -> None:
    files = {"skills/reviewer/SKILL.md": SKILL, "agents/tester.md": AGENT, "README.md": "# Our kit\n\nMore."}
    package = entry(files)
    assert (package.kind, package.format, package.name) == ("plugin", "folder", "collection")
    assert package.manifest.description == "Our kit"
    assert [skill.name for skill in package.manifest.components.skills] == ["reviewer"]
    assert [agent.name for agent in package.manifest.components.agents] == ["tester"]


def test_plugin_of_loose_things_is_named_after_their_folder() -> None:
    files = {"README.md": "x", "sql/agents/re.md": AGENT, "sql/agents/rex.md": AGENT.replace("tester", "rex")}
    assert entry({**files, "sql/commands/x.md": COMMAND}).name == "sql"


def test_several_loose_things_are_a_package_each_in_a_repository() -> None:
    files = {
        "README.md": "# Agents",
        "skills/reviewer/SKILL.md": SKILL,
        "skills/reviewer/agents/inner.md": AGENT,
        "team/tester.md": AGENT,
        ".claude/commands/hello.md": COMMAND,
        "docs/agents/example.md": AGENT,
        "node_modules/x/SKILL.md": SKILL,
    }
    entries = found(files, split=True).entries
    assert [(one.kind, one.name, one.source_path) for one in entries] == [
        ("skill", "reviewer", "skills/reviewer"),
        ("agent", "tester", "team/tester.md"),
        ("command", "hello", ".claude/commands/hello.md"),
    ]
    assert list(entries[0].content) == ["SKILL.md", "agents/inner.md"]


def test_plugins_of_a_repository_without_a_marketplace_are_packages() -> None:
    files = {
        "README.md": "x",
        f"plugins/kit/{MANIFEST}": PLUGIN,
        "plugins/kit/skills/reviewer/SKILL.md": SKILL,
        f"plugins/kit/inner/{MANIFEST}": {"name": "inner"},
        "agents/tester.md": AGENT,
    }
    entries = found(files, split=True).entries
    assert [(one.kind, one.name, one.source_path) for one in entries] == [
        ("plugin", "kit", "plugins/kit"),
        ("agent", "tester", "agents/tester.md"),
    ]


def test_file_without_a_head_beside_agents_is_told() -> None:
    files = {"README.md": "x", "team/tester.md": AGENT, "team/other.md": "# Other", "team/README.md": "# Team"}
    told = finding(files, "MP2083", split=True)
    assert (told.severity, told.path, told.line) == ("error", "team/other.md", 1)


def test_agent_called_security_is_an_agent() -> None:
    assert entry({"agents/security.md": AGENT.replace("tester", "security")}).name == "security"


def test_second_package_of_a_name_gets_its_kind_and_the_third_is_refused() -> None:
    again = AGENT.replace("tester", "reviewer")
    files = {"r/SKILL.md": SKILL, "a/x.md": again, "b/y.md": again}
    entries = found({"README.md": "x", **files}, split=True).entries
    assert [one.name for one in entries] == ["reviewer", "reviewer-agent", "reviewer-agent"]
    assert [one.is_usable for one in entries] == [True, True, False]


@pytest.mark.parametrize(("name", "code"), [("x" * 65, "MP1504"), ("node_modules", "MP1502")])
def test_name_that_nothing_can_be_published_under_is_an_error(name: str, code: str) -> None:
    package = entry({MANIFEST: {**PLUGIN, "name": name}, "commands/x.md": COMMAND})
    assert (package.is_usable, package.findings[-1].code) == (False, code)


def test_heads_of_megabytes_are_not_parsed() -> None:
    files = {f"a{n}.md": b"---\nname: x\n#" + b"x" * 60_000 + b"\n---\n" for n in range(75)}
    assert finding(files, "MP2079").severity == "error"


def test_thousands_of_skills_are_read_in_time_or_refused() -> None:
    files = {f"s/{n}/SKILL.md": "---\nname: x\ndescription: y\n---\n" for n in range(1001)}
    assert finding({"README.md": "x", **files}, "MP2076", split=True).params == {"limit": 1000}
